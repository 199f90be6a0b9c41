/** What bytes may become before they enter a user's network. */
export const networkRanges = ['0..255', '0..1', '-1..1'] as const;
export type NetworkRange = (typeof networkRanges)[number];
