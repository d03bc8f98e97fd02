/** What a JWT authorizer checks ("JwtConfiguration"). */
export interface JwtAuthorizer {
  readonly issuer: string;
  /** Where the issuer's documents are on this machine; the issuer itself when left out. */
  readonly documentsAt?: string;
  readonly audience: readonly string[];
  /** Where the token is, such as `$request.header.Authorization`. */
  readonly identitySource: string;
}

/** Requests per second, and how many may come at once before that counts. */
export interface Throttle {
  readonly ratePerSecond: number;
  readonly burst: number;
}

/** One route of the API. */
export interface RouteConfiguration {
  /** `GET /customers/{id}`, `ANY /{proxy+}` or `$default`. */
  readonly routeKey: string;
  readonly functionArn: string;
  readonly timeoutMilliseconds: number;
  readonly authorizer?: JwtAuthorizer;
  /** A token must have one of these; empty: any token of the issuer will do. */
  readonly scopes: readonly string[];
  readonly throttle?: Throttle;
}

/** What the gateway answers by itself to browsers of other origins. */
export interface CorsConfiguration {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly maxAgeSeconds?: number;
  readonly allowCredentials: boolean;
}

/** One HTTP API with its stage, as the template states them. */
export interface HttpApiConfiguration {
  readonly apiId: string;
  readonly accountId: string;
  /** `$default` serves at the root, any other stage under `/<stage>`. */
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly routes: readonly RouteConfiguration[];
  readonly cors?: CorsConfiguration;
}
