/** Hexadecimal digits that S3's sequencers have at most, with room. */
const SEQUENCER_LENGTH = 32;

/**
 * Text that sorts deliveries of one integration: when the bill was made, then the announcing object's sequencer. S3
 * compares sequencers of unlike length after padding the shorter with zeros on the right (S3 User Guide, "Event message
 * structure"). The time of arrival has no part in it: events come late, twice and out of order.
 */
export function deliverySequence(madeAt: string, sequencer: string): string {
  return `${new Date(madeAt).toISOString()}#${sequencer.toUpperCase().padEnd(SEQUENCER_LENGTH, '0')}`;
}
