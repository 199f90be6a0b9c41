/** Which part of the head each pixel shows, as the codes of a `*.parts.png` file. */
export interface PartMask {
  readonly width: number;
  readonly height: number;
  /** `[height, width]` */
  readonly codes: Uint8Array;
}
