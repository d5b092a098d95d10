import { release } from "node:os";

export function nodeVersion(): string {
  const { node, electron } = process.versions;
  return electron === undefined ? node : `${node} in Electron ${electron}`;
}

export function systemVersion(): string {
  return `${process.platform} ${process.arch}, kernel ${release()}`;
}
