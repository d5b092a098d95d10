import { createReadStream, statSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";
import { pipeline } from "node:stream";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".log": "text/plain; charset=utf-8",
  ".jsonl": "text/plain; charset=utf-8",
};

/**
 * Nothing from elsewhere, and no script but the bundle's own. Styles may be written by scripts: xterm does so, and
 * without it a terminal has no colours (tried).
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const securityHeaders = {
  "Content-Security-Policy": contentSecurityPolicy,
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Sends a file of a folder; 404 when there is none of that name in it. */
export function sendFile(response: ServerResponse, folder: string, name: string): void {
  const path = join(folder, normalize(`/${name}`));
  const status = statSync(path, { throwIfNoEntry: false });
  if (!status?.isFile()) {
    response.writeHead(404, securityHeaders).end();
    return;
  }
  response.writeHead(200, {
    ...securityHeaders,
    "Content-Type": types[extname(path)] ?? "application/octet-stream",
    "Content-Length": status.size,
    // The bundle's names change with their content; all else may change at any time.
    "Cache-Control": name.startsWith("assets/") ? "max-age=31536000, immutable" : "no-store",
  });
  // A file that grows meanwhile is sent as long as was promised.
  const content = createReadStream(path, { end: Math.max(0, status.size - 1) });
  pipeline(status.size === 0 ? [] : content, response, () => {});
}
