/** Lets the browser save a picture as a file, under a name that tells when it was taken. */
export function savePicture(picture: Blob, session: string): void {
  const link = document.createElement("a");
  const [time = ""] = new Date().toISOString().replaceAll(/[-:]/g, "").split(".");
  link.download = `${session}-screen-${time}.png`;
  link.href = URL.createObjectURL(picture);
  link.click();
  URL.revokeObjectURL(link.href);
}
