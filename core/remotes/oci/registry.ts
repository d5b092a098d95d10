import { z } from "zod";
import { AppError } from "../../../shared/errors/errors.ts";
import { formatAddress, isLoopback, type OciAddress } from "../../../shared/remotes/address.ts";
import { stripControls } from "../../../shared/text/strip-controls.ts";
import { readBody } from "../../network/fetching/read-body.ts";
import { createStallAlarm } from "../../network/fetching/stall-alarm.ts";
import { usualLimits } from "../../network/fetching/transfer-limits.ts";
import { describeReason, requireAble, untilDone } from "../../network/fetching/tries.ts";
import {
  createHttpClient,
  type HttpRequest,
  type HttpResponse,
  type SendRequest,
} from "../../network/http-client.ts";
import type { RemoteContext } from "../remote.ts";
import { createAuthorization } from "./authorization.ts";
import { findCredentials } from "./docker-credentials.ts";

/** A repository of a registry, for requests of the OCI distribution specification. */
export interface Registry extends AsyncDisposable {
  readonly address: OciAddress;
  /** The URL of something in the repository, such as `blobs/sha256:...`. */
  url(path: string): string;
  /** Sends a request once, with the registry's authorization. @throws AppError `no-permission` */
  send: SendRequest;
  /** Asks until the registry answers, and reads the short reply. @throws AppError `command-failed`, `no-permission` */
  ask(url: string, request?: Omit<HttpRequest, "signal">, patience?: number): Promise<RegistryReply>;
  /** The error for a reply that was not expected. */
  refusal(reply: Pick<RegistryReply, "status" | "bytes">, doing: string): AppError;
}

export interface RegistryReply {
  readonly status: number;
  readonly header: HttpResponse["header"];
  readonly bytes: Buffer;
}

/** Registries take manifests of 4 MiB. */
const mostReplyBytes = 4 * 1024 ** 2;

/** @param rights of a repository: `pull`, or `pull,push` */
export async function openRegistry(
  address: OciAddress,
  rights: "pull" | "pull,push",
  context: RemoteContext,
): Promise<Registry> {
  const { signal, limits = usualLimits, environment = process.env } = context;
  const { registry, repository } = address;
  const origin = originOf(registry);
  const client = await createHttpClient(environment);
  let credentials: ReturnType<typeof findCredentials> | undefined;
  const authorization = createAuthorization({
    ...{ registry, scope: `repository:${repository}:${rights}`, send: client.request },
    findCredentials: () => {
      credentials ??= findCredentials(registry, environment, signal);
      return credentials;
    },
  });
  const send: SendRequest = async (url, request) => {
    // An upload may go to another server, which is not to have the token.
    const isOwn = new URL(url).origin === new URL(origin).origin;
    if (isOwn) await authorization.refresh(request.signal);
    const sendOnce = async () => {
      const header = isOwn ? authorization.current() : undefined;
      const headers = { ...request.headers, ...(header && { Authorization: header }) };
      return await client.request(url, { ...request, headers });
    };
    const response = await sendOnce();
    if (response.status !== 401 || !isOwn) return response;
    if (!(await authorization.renew(response.header("www-authenticate"), request.signal))) return response;
    return await sendOnce();
  };
  return {
    address,
    url: (path) => `${origin}/v2/${repository}/${path}`,
    send,
    ask: async (url, request = {}, patience = limits.stall) => {
      try {
        return await untilDone(context, async () => {
          using alarm = createStallAlarm(patience, signal);
          const response = await send(url, { ...request, signal: alarm.signal });
          requireAble(response);
          const { status, header } = response;
          return { status, header, bytes: await readBody(response, mostReplyBytes) };
        });
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof AppError ? error : noAnswer(registry, error);
      }
    },
    refusal: (reply, doing) => refusal(address, reply, doing),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Docker's own registry is at another host than its addresses say. A registry on this host speaks http. */
function originOf(registry: string): string {
  if (registry === "docker.io") return "https://registry-1.docker.io";
  return `${isLoopback(registry) ? "http" : "https"}://${registry}`;
}

const errorsSchema = z.looseObject({
  errors: z.array(z.looseObject({ code: z.string().default(""), message: z.string().default("") })),
});

/** The registry's own words about a refusal. */
function wordsOf(bytes: Buffer): string {
  try {
    const [first] = errorsSchema.parse(JSON.parse(bytes.toString())).errors;
    return first ? `: ${stripControls(first.message || first.code).slice(0, 200)}` : "";
  } catch {
    return "";
  }
}

function refusal(
  address: OciAddress,
  { status, bytes }: Pick<RegistryReply, "status" | "bytes">,
  doing: string,
): AppError {
  const { registry } = address;
  const said = `the registry answered ${status}${wordsOf(bytes)}`;
  if (status === 401 || status === 403)
    return new AppError({
      code: "no-permission",
      message: `${formatAddress(address)}: no permission for ${doing}: ${said}`,
      advice: `Use docker login ${registry}, or ask its owner for access.`,
    });
  if (status === 413)
    return new AppError({
      code: "command-failed",
      message: `${formatAddress(address)}: the registry, or a proxy before it, takes no more bytes at once (413)`,
      advice:
        "Raise its limit for the body of a request (for nginx, client_max_body_size), or publish to a registry without a proxy.",
    });
  return new AppError({
    code: "command-failed",
    message: `${formatAddress(address)}: ${doing} failed: ${said}`,
    advice: "Check the address, and whether the registry takes OCI artifacts.",
  });
}

function noAnswer(registry: string, cause: unknown): AppError {
  return new AppError(
    {
      code: "command-failed",
      message: `the registry ${registry} can't be asked: ${describeReason(cause)}`,
      advice: "Check the address and the network, then try again: the work resumes.",
    },
    { cause },
  );
}
