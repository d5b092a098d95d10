/** Makes an image, as bytes or as a file in a folder. */
export type HostileImage = (folder: string) => Buffer | { readonly path: string };
