import { Duplex } from "node:stream";

/**
 * For tests: a guest on a serial port, whose terminal echoes what is typed and hands out whole lines. The test prints
 * its output.
 */
export class TestGuest extends Duplex {
  /** All that was typed, as it came. */
  typed = "";
  /** The lines that it has read. */
  readonly lines: string[] = [];
  onLine = (_line: string) => {};
  /** Whether it shows what is typed. */
  echoes = true;
  /** The character that it gets for one that is typed. */
  layout = (character: string) => character;
  /** It loses so many characters that are typed next. */
  deafFor = 0;
  /** How often it takes a key that is pressed once. */
  repeats = () => 1;
  #line = "";

  show(text: string | Buffer): void {
    this.push(text);
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    const text = bytes.toString();
    this.typed += text;
    for (const character of text)
      for (let left = this.repeats(); left > 0; left -= 1) this.#receive(character);
    done();
  }

  #receive(character: string): void {
    if (this.deafFor > 0) this.deafFor -= 1;
    else if (character === "\r") {
      const line = this.#line;
      this.#line = "";
      this.lines.push(line);
      if (this.echoes) this.show("\r\n");
      this.onLine(line);
    } else if (character === "\x7f") {
      if (this.echoes && this.#line !== "") this.show("\b \b");
      this.#line = this.#line.slice(0, -1);
    } else if (character === "\x15") {
      if (this.echoes) this.show("\b \b".repeat(this.#line.length));
      this.#line = "";
    } else {
      const got = this.layout(character);
      this.#line += got;
      if (this.echoes) this.show(got);
    }
  }
}
