import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import type { Exchange } from "../../state/guest/exchanges.ts";
import { curlCommand } from "./curl.ts";

interface Request {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ts-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

function makeExchange({ method, target, headers, body }: Request, file?: string): Exchange {
  const request = { bytes: body.length, beginning: body.toString("base64"), ...(file && { file }) };
  return { number: 1, started: 1, method, target, requestHeaders: headers, request };
}

/** Has bash run a command, and returns the request that curl makes by it. */
async function runCommand(command: string): Promise<Request> {
  const requests: Promise<Request>[] = [];
  const read = async (incoming: IncomingMessage): Promise<Request> => ({
    method: incoming.method ?? "",
    target: incoming.url ?? "",
    headers: Array.from({ length: incoming.rawHeaders.length / 2 }, (_, index) => [
      incoming.rawHeaders[index * 2] ?? "",
      incoming.rawHeaders[index * 2 + 1] ?? "",
    ]),
    body: await buffer(incoming),
  });
  const server = createServer({ requireHostHeader: false }, (incoming, response) => {
    const request = read(incoming);
    requests.push(request);
    void request.then(() => response.end());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const home = newFolder();
  writeFileSync(join(home, ".curlrc"), `connect-to = "::127.0.0.1:${port}"\nnoproxy = "*"\nsilent\n`);
  await promisify(execFile)("bash", ["-c", command], { env: { ...process.env, CURL_HOME: home } });
  const [request] = requests;
  if (!request) throw new Error("curl made no request");
  return await request;
}

const plain: Request = {
  method: "GET",
  target: "/engine/v1/poll",
  headers: [
    ["Host", "169.254.169.254"],
    ["User-Agent", "guest-tools"],
    ["Accept", "*/*"],
  ],
  body: Buffer.alloc(0),
};

function post(text: string | Buffer, headers: Request["headers"] = []): Request {
  const body = Buffer.from(text);
  return {
    ...plain,
    method: "POST",
    headers: [...plain.headers, ...headers, ["Content-Length", `${body.length}`]],
    body,
  };
}

const requests: Readonly<Record<string, Request>> = {
  "a plain one": plain,
  "brackets in its query": { ...plain, target: "/?x=[1]&y=[a-z]" },
  "braces in its path": { ...plain, target: "/{a,b}" },
  "a quote in its query": { ...plain, target: "/engine/v1/reply?id=it's&$(reboot)" },
  "dots in its path": { ...plain, target: "/a/../b/./c/.." },
  "two slashes at its beginning": { ...plain, target: "//[" },
  "a fragment": { ...plain, target: "/a#b" },
  "a whole address for a target": { ...plain, target: "http://example.org/x?y" },
  "an asterisk for a target": { ...plain, method: "OPTIONS", target: "*" },
  "bytes beyond ASCII": { ...plain, headers: [...plain.headers, ["X", "caf\u00e9"]] },
  "another host": { ...plain, headers: [["Host", "example.org:81"], ...plain.headers.slice(1)] },
  "no host, agent or wishes": { ...plain, headers: [] },
  "an empty header": { ...plain, headers: [...plain.headers, ["X-Empty", ""]] },
  "a header twice, and one for a shell": {
    ...plain,
    headers: [...plain.headers, ["X", "$(reboot)"], ["X", "it's"]],
  },
  HEAD: { ...plain, method: "HEAD" },
  "a method of its own": { ...plain, method: "PROPFIND" },
  "a body without a type": post("@it's"),
  "a body with a type": post('{"a": 1}', [["Content-Type", "application/json"]]),
  "a body of several lines, colours and returns": post("one\r\ntwo\n\t\u001b[1mthree\\\n"),
  "a body beyond ASCII, with a mark": post("\ufeffé€\u{1f600}"),
  "bytes for a body": post(Buffer.from([0, 255, 10, 13, 39])),
  "an empty body": post(""),
  "a body in chunks": {
    ...plain,
    method: "POST",
    headers: [...plain.headers, ["Transfer-Encoding", "chunked"]],
    body: Buffer.from("in chunks"),
  },
};

const sorted = ({ headers }: Request) => headers.map((header) => header.join(": ")).sort();

test.each(Object.keys(requests))("curl makes the same request once more: %s", async (name) => {
  const request = requests[name] ?? plain;
  const again = await runCommand(curlCommand(makeExchange(request), "/nowhere"));
  expect(again).toMatchObject({ method: request.method, target: request.target });
  expect(sorted(again)).toEqual(sorted(request));
  expect(again.body.equals(request.body)).toBe(true);
});

test("a long body comes from the session's file, and is sent at once", async () => {
  const folder = join(newFolder(), "a session's");
  mkdirSync(join(folder, "bodies"), { recursive: true });
  const request = post(Buffer.alloc(2_000_000, "a line\r\n"));
  writeFileSync(join(folder, "bodies/1.request"), request.body);
  const exchange = makeExchange({ ...request, body: request.body.subarray(0, 100) }, "bodies/1.request");
  const long = {
    ...exchange,
    request: { ...exchange.request, bytes: 2_000_000, beginning: "", file: "bodies/1.request" },
  };
  const again = await runCommand(curlCommand(long, folder));
  expect(again.body.equals(request.body)).toBe(true);
  expect(sorted(again)).toEqual(sorted(request));
});

test("a plain request is a plain command", () => {
  expect(curlCommand(makeExchange(requests["a quote in its query"] ?? plain), "/s")).toBe(
    [
      "curl -X GET 'http://169.254.169.254/engine/v1/reply?id=it'\\''s&$(reboot)'",
      "-H 'User-Agent: guest-tools'",
      "-H 'Accept: */*'",
    ].join(" \\\n  "),
  );
});

test("a request that a rule has edited is the guest's; comments have the rule and what the service received", async () => {
  const sent = makeExchange(post("as\nsent"));
  const edited = makeExchange(post("as\nreceived'"));
  const atService = { headers: edited.requestHeaders, body: edited.request ?? { bytes: 0, beginning: "" } };
  const rules = [{ name: "evil\n$(reboot)", from: "guest", steps: [] }] as const;
  const command = curlCommand({ ...sent, rules, edited: { guest: atService } }, "/s");
  expect(command).toMatch(
    /^# As the guest sent it; rules: "evil\\n\$\(reboot\)" edited the request\.\ncurl /,
  );
  expect((await runCommand(command)).body.toString()).toBe("as\nsent");
  const [, commented = ""] = command.split("# As the MetaService received it:\n");
  const uncommented = commented.replaceAll(/^# /gm, "");
  expect((await runCommand(uncommented)).body.toString()).toBe("as\nreceived'");
});
