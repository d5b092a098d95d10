import fc from "fast-check";
import { expect, test } from "vitest";
import type { Secrets } from "./own-secrets.ts";
import { createRedaction } from "./redaction.ts";

const nobody: Secrets = { variables: {}, homes: [], user: "root" };

function redact(text: string, secrets: Partial<Secrets> = {}): string {
  return createRedaction({ ...nobody, ...secrets }).text(text);
}

async function stream(pieces: readonly Buffer[], secrets: Partial<Secrets>): Promise<Buffer> {
  const redaction = createRedaction({ ...nobody, ...secrets });
  const source = async function* () {
    yield* pieces;
  };
  return Buffer.concat(await Array.fromAsync(redaction.stream(source())));
}

const password = 'p"4ss<w>rd é%';

test.each([
  ["as it is", `login with ${password}!`, "login with [value of PASS]!"],
  ["in JSON", JSON.stringify({ env: { X: password } }), '{"env":{"X":"[value of PASS]"}}'],
  ["in JSON as Go writes it", '{"X":"p\\"4ss\\u003cw\\u003erd é%"}', '{"X":"[value of PASS]"}'],
  ["in an address", `/?x=${encodeURIComponent(password)}`, "/?x=[value of PASS]"],
  ["in a form", `x=${new URLSearchParams({ a: password }).toString().slice(2)}&`, "x=[value of PASS]&"],
  ["in base64", `x ${btoa(Buffer.from(password).toString("latin1"))} y`, "x [value of PASS]= y"],
])("a variable's value is replaced %s", (_, text, redacted) => {
  expect(redact(text, { variables: { PASS: password } })).toBe(redacted);
});

test("a value of several lines is replaced as a terminal prints it, and line by line", () => {
  const variables = { KEY: "first line of the key\nsecond line of the key\n" };
  expect(redact("a\r\nfirst line of the key\r\nsecond line of the key\r\nb", { variables })).toBe(
    "a\r\n[value of KEY]\r\nb",
  );
  expect(redact("| second line of the key |", { variables })).toBe("| [value of KEY] |");
});

test("the longest of several values counts, and each has its own name", () => {
  const variables = { A: "secret", B: "secret-2", C: "another" };
  expect(redact("secret secret-2 another", { variables })).toBe("[value of A] [value of B] [value of C]");
});

test("a value may be as long as a command line can be", async () => {
  const value = `head of a key ${"0123456789abcdef".repeat(8000)} and its end`;
  const variables = { KEY: value, OTHER: `${value.slice(0, 100)}, but another one` };
  expect(redact(`x ${value} y ${variables.OTHER} z ${value.slice(0, 50)}`, { variables })).toBe(
    `x [value of KEY] y [value of OTHER] z ${value.slice(0, 50)}`,
  );
  const pieces = (
    Buffer.from(`x ${value} y`)
      .toString("latin1")
      .match(/.{1,10000}/g) ?? []
  ).map((piece) => Buffer.from(piece, "latin1"));
  expect(String(await stream(pieces, { variables }))).toBe("x [value of KEY] y");
});

test("a short value is replaced behind its name only", () => {
  const variables = { MODE: "on", E: "", OTHER: "off" };
  expect(redact('MODE=on, XMODE=on, MODE=once, "MODE": "on", OTHER=on, on', { variables })).toBe(
    'MODE=[value of MODE], XMODE=on, MODE=once, "MODE": "[value of MODE]", OTHER=on, on',
  );
});

test("the home folder and the user are replaced where they stand for themselves", () => {
  const person = { homes: ["/home/ada"], user: "ada" };
  expect(redact("/home/ada/x /home/adab /mnt/home/ada ada: adapter /home/ada", person)).toBe(
    "~/x /home/adab /mnt/home/[user] [user]: adapter ~",
  );
  expect(redact("/root/images and /rootfs, root", { homes: ["/root"] })).toBe("~/images and /rootfs, root");
});

test.each([
  ["Authorization: Bearer abc.def", "Authorization: [removed]"],
  ['authorization: Digest username="x", response="y"\r\nHost: z', "authorization: [removed]\r\nHost: z"],
  ['{"Cookie": "a=b; c=d", "x": 1}', '{"Cookie": "[removed]", "x": 1}'],
  ["Set-Cookie: tinsmith-40871=abc; Path=/\n", "Set-Cookie: [removed]\n"],
  ["curl -u x https://me:pa55@host/x?y=1", "curl -u x https://[removed]@host/x?y=1"],
  ["git clone https://ghp_token@github.com/x", "git clone https://[removed]@github.com/x"],
  ["http://127.0.0.1:40871/?token=abc-_d&x=1", "http://127.0.0.1:40871/?token=[removed]&x=1"],
  ["GET /a?X-Amz-Signature=00ff HTTP/1.1", "GET /a?X-Amz-Signature=[removed] HTTP/1.1"],
  ["DB_PASSWORD=hunter2 make", "DB_PASSWORD=[removed] make"],
  ['{"access_token": "abc", "n": 1}', '{"access_token": "[removed]", "n": 1}'],
  ["x AKIAABCDEFGHIJKLMNOP y", "x [removed] y"],
  ["-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----\nx", "[removed]\nx"],
  ["unexpected token: }, see https://example.org/@me", "unexpected token: }, see https://example.org/@me"],
])("of %j remains %j", (text, redacted) => {
  expect(redact(text)).toBe(redacted);
});

test("what was replaced is counted", () => {
  const redaction = createRedaction({ variables: { A: "secret" }, homes: ["/home/ada"], user: "ada" });
  redaction.text("secret secret /home/ada/ ada token=x Cookie: y");
  expect(Object.fromEntries(redaction.counts)).toEqual({
    "the value of A": 2,
    "your home folder": 1,
    "your user name": 1,
    "a credential": 2,
  });
});

test("bytes that are no text pass as they are", async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  expect(await stream([bytes, Buffer.from("secret"), bytes], { variables: { A: "secret" } })).toEqual(
    Buffer.concat([bytes, Buffer.from("[value of A]"), bytes]),
  );
});

test("the beginning of a value at the end of what was cut is replaced, too", async () => {
  const variables = { A: "correct horse" };
  expect(String(await stream([Buffer.from("x cor"), Buffer.from("rect ho")], { variables }))).toBe(
    "x [value of A]",
  );
  expect(String(await stream([Buffer.from("x cor")], { variables }))).toBe("x cor");
});

/** Texts of few characters, so that they are nearly what is looked for, often. */
const nearly = (secrets: readonly string[], noise: string) =>
  fc
    .array(fc.oneof(fc.constantFrom(...secrets), fc.constantFrom(...noise), fc.string({ maxLength: 3 })), {
      maxLength: 40,
    })
    .map((parts) => parts.join(""));

const secrets: Secrets = {
  variables: { A: "abab", B: "ababa", C: "bbbb\naaaa\nababababababababababab", D: "é<é>", E: "a" },
  homes: ["/home/ada"],
  user: "ada",
};
const parts = [
  ...Object.values(secrets.variables),
  "/home/ada",
  "ada",
  "E=a",
  "Cookie: x",
  "token=ab",
  "://a:b@",
  "\r\n",
];

test("however a text is cut into pieces, the same remains of it", async () => {
  await fc.assert(
    fc.asyncProperty(
      nearly(parts, 'ab/=:@ \n"'),
      fc.array(fc.nat({ max: 30 }), { maxLength: 30 }),
      async (text, lengths) => {
        const bytes = Buffer.from(text);
        const pieces: Buffer[] = [];
        let at = 0;
        for (const length of lengths) {
          pieces.push(bytes.subarray(at, at + length));
          at += length;
        }
        pieces.push(bytes.subarray(at));
        expect(String(await stream(pieces, secrets))).toBe(
          String(createRedaction(secrets).bytes(bytes, true)),
        );
      },
    ),
    { numRuns: 500 },
  );
});

test("however often and wherever a value occurs, it does not remain", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ minLength: 4, maxLength: 20 }).filter((value) => !"[value of A][removed]".includes(value)),
      fc.array(fc.string({ maxLength: 20 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      async (value, between, pieceLength) => {
        const bytes = Buffer.from(between.join(value));
        const pieces = Array.from({ length: Math.ceil(bytes.length / pieceLength) }, (_, index) =>
          bytes.subarray(index * pieceLength, (index + 1) * pieceLength),
        );
        const redacted = String(await stream(pieces, { variables: { A: value } }));
        expect(redacted.replaceAll("[value of A]", "")).not.toContain(value);
      },
    ),
    { numRuns: 500 },
  );
});

test("a log of 64 MB on one line costs no more memory than its pieces", async () => {
  const redaction = createRedaction({ ...nobody, variables: { A: "correct horse" } });
  const piece = Buffer.alloc(256 * 1024, "x");
  piece.write("correct horse", 1000);
  let passed = 0;
  let most = 0;
  const source = async function* () {
    for (let count = 0; count < 256; count++) yield piece;
  };
  const before = process.memoryUsage().arrayBuffers;
  for await (const bytes of redaction.stream(source())) {
    passed += bytes.length;
    most = Math.max(most, bytes.length);
  }
  expect(passed).toBe(256 * (piece.length - "correct horse".length + "[value of A]".length));
  expect(most).toBeLessThan(2 * piece.length);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64e6);
  expect(redaction.counts.get("the value of A")).toBe(256);
});
