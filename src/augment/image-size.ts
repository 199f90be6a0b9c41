/** The sizes that random numbers are drawn for. */
export interface ImageSize {
  readonly batch: number;
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
}
