/** The package carries no types of its own; this is the part used here. It writes into the definition it is given. */
declare module 'asl-validator' {
  export default function validate(
    definition: object,
    options?: { readonly checkPaths: boolean; readonly checkArn: boolean },
  ): { readonly isValid: boolean; errorsText(separator?: string): string };
}
