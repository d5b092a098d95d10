/** The last part of a path. */
export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The names of a file and of the folder that it is in. */
export function shortPath(path: string): string {
  return path.split("/").slice(-2).join("/");
}
