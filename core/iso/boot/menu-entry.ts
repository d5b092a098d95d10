/** An entry of a boot loader's menu, as its configuration says: whether its kernel is one of Linux is not known. */
export interface MenuEntry {
  readonly title: string;
  /** Paths in the ISO, from its root. */
  readonly kernel: string;
  readonly initrds: readonly string[];
  readonly parameters: string;
  readonly isDefault: boolean;
}

/** Reads another configuration file of the ISO; undefined if there is none, or if it was read before. */
export type ReadConfig = (path: string) => Promise<string | undefined>;

/** A path of a configuration, from the root. @param folder the folder where relative paths begin */
export function fromRoot(folder: string, path: string): string {
  return path.startsWith("/") ? path : `${folder}/${path}`;
}
