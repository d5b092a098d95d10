import { basename } from "node:path";
import { AppError } from "../../../shared/errors/errors.ts";
import { formatAddress, type WebAddress } from "../../../shared/remotes/address.ts";
import { readBody } from "../../network/fetching/read-body.ts";
import { httpFile, strongTag } from "../../network/fetching/remote-file.ts";
import { createStallAlarm } from "../../network/fetching/stall-alarm.ts";
import { usualLimits } from "../../network/fetching/transfer-limits.ts";
import { describeReason, requireAble, untilDone } from "../../network/fetching/tries.ts";
import { createHttpClient, type HttpRequest, type HttpResponse } from "../../network/http-client.ts";
import { mostManifestBytes, mostSignatureBytes } from "../../signature/archive-signature.ts";
import type { Remote, RemoteContext } from "../remote.ts";

/** A file at a web server: the archive, and its manifest and signature beside it. */
export async function webRemote(address: WebAddress, context: RemoteContext): Promise<Remote> {
  const { limits = usualLimits, signal, environment } = context;
  const client = await createHttpClient(environment);
  const ask = async <Result>(
    url: string,
    request: Omit<HttpRequest, "signal">,
    take: (response: HttpResponse) => Promise<Result>,
  ) => {
    try {
      return await untilDone(context, async () => {
        using alarm = createStallAlarm(limits.stall, signal);
        const response = await client.request(url, { ...request, signal: alarm.signal });
        requireAble(response);
        return await take(response);
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof AppError ? error : unreachable(url, error);
    }
  };
  const readBeside = (ending: string, most: number) =>
    ask(withEnding(address.url, ending), {}, async (response) => {
      const bytes = await readBody(response, most);
      return response.status === 200 ? bytes : undefined;
    });
  return {
    find: async () => {
      const { status, size, version } = await ask(address.url, { method: "HEAD" }, async (response) => ({
        ...{ status: response.status, size: response.length },
        version: strongTag(response.header("etag")),
      }));
      // A server may refuse HEAD, and give the file all the same.
      if ([401, 403, 404, 410].includes(status)) throw refused(address.url, status);
      const manifest = await readBeside(".manifest.json", mostManifestBytes);
      const signature = manifest && (await readBeside(".manifest.json.sig", mostSignatureBytes));
      const isKnown = status === 200;
      return {
        archive: httpFile(client.request, address.url, {
          ...(isKnown && { size, version }),
        }),
        fileName: basename(new URL(address.url).pathname),
        ...{ sha256: address.sha256, version: isKnown ? version : undefined, manifest, signature },
        pinned: address.sha256 && formatAddress(address),
      };
    },
    target: undefined,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Adds an ending to the path of an address. */
function withEnding(address: string, ending: string): string {
  const url = new URL(address);
  url.pathname += ending;
  return url.href;
}

function refused(url: string, status: number): AppError {
  const isMissing = status === 404 || status === 410;
  return new AppError({
    code: isMissing ? "missing-file" : "no-permission",
    message: `${url} ${isMissing ? "does not exist" : "can't be read"}: the server answered ${status}`,
    advice: isMissing ? "Check the address." : "Ask the owner of the server for access.",
  });
}

function unreachable(url: string, cause: unknown): AppError {
  const message = `${url} can't be asked for: ${describeReason(cause)}`;
  return new AppError({ code: "command-failed", message, advice: "Try again." }, { cause });
}
