import { Readable } from "node:stream";
import { protocol } from "electron";
import { securityHeaders } from "../../core/site/security-headers.ts";
import { findSiteFile, type Site } from "../../core/site/site-file.ts";
import { isOwnPage, scheme } from "./origin.ts";

/** Lets the scheme have an origin, as https has. To be called before the app is ready. */
export function registerScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, codeCache: true };
  protocol.registerSchemesAsPrivileged([{ scheme, privileges }]);
}

/** Serves the window's files, as `tinsmith serve` does over HTTP: see `findSiteFile`. */
export function servePage(site: Site): void {
  protocol.handle(scheme, ({ url, method }) => {
    if (method !== "GET" || !isOwnPage(url))
      return new Response(null, { status: 403, headers: securityHeaders });
    const file = findSiteFile(site, new URL(url).pathname);
    if (!file) return new Response(null, { status: 404, headers: securityHeaders });
    const content = Readable.toWeb(file.open()) as ReadableStream<Uint8Array>;
    return new Response(content, { headers: file.headers });
  });
}
