import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { securityHeaders } from "../../core/site/security-headers.ts";
import { findSiteFile, type Site, type SiteFile } from "../../core/site/site-file.ts";
import {
  accessPath,
  challengeParameter,
  otherServer,
  tokenElement,
  tokenParameter,
  tokenSchema,
} from "../../shared/contracts/window-access.ts";
import { parseJson } from "../../shared/text/parse-json.ts";
import type { Access } from "./access.ts";
import type { Connections } from "./connections.ts";
import type { FileAddresses } from "./file-addresses.ts";

interface WindowSite extends Site {
  readonly access: Access;
  readonly addresses: FileAddresses;
  readonly connections: Connections;
}

/** Bytes of a request's body: all that anybody sends is a token. */
const maxBodyBytes = 1024;

/**
 * Answers a browser. The window's own files hold no secret, and everybody on this host may have them; a session's files
 * are only at the one-time addresses that a window has asked for.
 *
 * @throws the system's error when the connection breaks
 */
export async function answerRequest(
  site: WindowSite,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { access, addresses, connections } = site;
  const { method } = request;
  const path = URL.parse(request.url ?? "", "http://localhost")?.pathname;
  if (!access.isForUs(request))
    sayStatus(response.setHeader("Connection", "close"), otherServer.status, otherServer.text);
  else if (path === accessPath) await answerAccess(access, request, response);
  else if (path === "/" && method === "POST") await answerForm(site, request, response);
  else if (method !== "GET" && method !== "HEAD") sayStatus(response, 405, "Only GET is allowed.");
  else if (path && addresses.isOne(path)) {
    const file = method === "GET" ? addresses.take(path) : undefined;
    if (file === undefined)
      sayStatus(response, 410, "This address works once. Open the file from the window again.");
    else {
      connections.trust(request.socket);
      sendFile(response, findSiteFile(site, file));
    }
  } else if (path === undefined || path.startsWith("/sessions/")) sayStatus(response, 404, "Not found.");
  else sendFile(response, findSiteFile(site, path));
}

/** Exchanges a token for the secret, or proves that this server knows the secret. */
async function answerAccess(access: Access, request: IncomingMessage, response: ServerResponse) {
  if (request.method === "GET") {
    const challenge = URL.parse(request.url ?? "", "http://localhost")?.searchParams.get(challengeParameter);
    return sayStatus(response, 200, access.prove(challenge ?? ""));
  }
  const isOwn = access.isFromOwnPage(request) && request.headers["content-type"] === "application/json";
  const token = isOwn ? tokenSchema.safeParse(parseJson(await readBody(request))) : undefined;
  const secret = token?.success ? access.exchange(token.data.token) : undefined;
  if (secret === undefined)
    return sayStatus(response, 403, "This link has already been used, or is from an earlier start.");
  response
    .writeHead(200, { ...securityHeaders, "Content-Type": "application/json", "Cache-Control": "no-store" })
    .end(JSON.stringify({ secret }));
}

/** Gives the page to a form with a good token, for `tinsmith serve --open`; the page then exchanges the token. */
async function answerForm(site: WindowSite, request: IncomingMessage, response: ServerResponse) {
  const token = new URLSearchParams(await readBody(request)).get(tokenParameter) ?? "";
  const page = findSiteFile(site, "/");
  if (!page || !site.access.isGood(token))
    return sayStatus(response, 403, "This link has already been used, or is from an earlier start.");
  const html = await text(page.open());
  const body = html.replace("</head>", `<meta name="${tokenElement}" content="${token}" /></head>`);
  response.writeHead(200, { ...page.headers, "Content-Length": Buffer.byteLength(body) }).end(body);
}

/** The body of a request, up to a limit; the rest is not read. */
async function readBody(request: Readable): Promise<string> {
  let body = "";
  for await (const bytes of request) {
    body += bytes;
    if (body.length > maxBodyBytes) return "";
  }
  return body;
}

function sendFile(response: ServerResponse, file: SiteFile | undefined): void {
  if (file) pipeline(file.open(), response.writeHead(200, file.headers), () => {});
  else sayStatus(response, 404, "Not found.");
}

function sayStatus(response: ServerResponse, status: number, words: string): void {
  response
    .writeHead(status, { ...securityHeaders, "Content-Type": "text/plain; charset=utf-8" })
    .end(words && `${words}\n`);
}
