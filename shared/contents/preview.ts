/** The types of pictures that every browser shows, by the beginning of the file. */
export const pictureTypes = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"] as const;
export type PictureType = (typeof pictureTypes)[number];

/** The beginning of a file, to be shown. */
export type Preview = {
  /** Bytes of the whole file. */
  readonly size: number;
} & (
  | { readonly kind: "text"; readonly text: string; readonly isCut: boolean }
  /** Bytes in base64, for a dump. */
  | { readonly kind: "bytes"; readonly bytes: string; readonly isCut: boolean }
  /** The whole file in base64. */
  | { readonly kind: "picture"; readonly type: PictureType; readonly bytes: string }
);
