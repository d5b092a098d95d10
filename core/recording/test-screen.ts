/** A picture of a screen as QEMU saves it, all in one grey from 0 to 255, with a white pixel in its corner. */
export function grayPpm(gray: number, width = 4, height = 3): Buffer {
  const pixels = Buffer.alloc(width * height * 3, gray);
  pixels.fill(255, 0, 3);
  return Buffer.concat([Buffer.from(`P6\n${width} ${height}\n255\n`), pixels]);
}
