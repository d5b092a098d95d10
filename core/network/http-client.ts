import { Readable } from "node:stream";
import { getCACertificates } from "node:tls";
import type { Dispatcher } from "undici";
import { AppError } from "../../shared/errors/errors.ts";

/** Asks servers at http and https addresses. Disposing it closes its connections. */
export interface HttpClient extends AsyncDisposable {
  /**
   * Follows redirects; credentials go to the first host only. A server is asked not to compress the body, whose bytes are given
   * as they come: a file that is compressed itself may be declared as compressed on its way.
   */
  request: SendRequest;
}

/** Sends a request, and gives the response when its headers are there. */
export type SendRequest = (url: string, request: HttpRequest) => Promise<HttpResponse>;

export interface HttpRequest {
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes; or a function that makes them for each try, and then the header Content-Length has their number. */
  readonly body?: Uint8Array | (() => AsyncIterable<Uint8Array>);
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  /** How many bytes the body has, if the server says so. */
  readonly length: number | undefined;
  /** The value of a header, whose name is in lower case; the first one if there are several. */
  header(name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

const maxRedirections = 10;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes a client that follows the environment as curl does: it uses the proxies in `http_proxy` and `https_proxy`, but not
 * for the hosts in `no_proxy` (all also in capitals), and trusts this host's certificates, those in `SSL_CERT_FILE` and
 * those in `NODE_EXTRA_CA_CERTS`.
 *
 * @throws AppError `usage` when a proxy's address is not valid; it never shows the address, which may hold a password.
 */
export async function createHttpClient(environment: Environment = process.env): Promise<HttpClient> {
  const httpProxy = proxyIn(environment, "http_proxy");
  const httpsProxy = proxyIn(environment, "https_proxy");
  // Loaded when it is needed: it takes as long as all the rest of a command.
  const { Dispatcher, EnvHttpProxyAgent, interceptors, request } = await import("undici");
  const tls = { ca: trustedCertificates() };
  const agentWith = (proxies: { readonly httpProxy: string; readonly httpsProxy: string }) =>
    new EnvHttpProxyAgent({
      ...proxies,
      noProxy: environment.no_proxy ?? environment.NO_PROXY ?? "",
      // A proxy need not make tunnels to http addresses.
      proxyTunnel: false,
      connect: tls,
      requestTls: tls,
      proxyTls: tls,
    });
  // With one agent, https addresses would use the http proxy where there is no other.
  const agents = {
    http: agentWith({ httpProxy, httpsProxy: "" }),
    https: agentWith({ httpProxy: "", httpsProxy }),
  };
  const router = new (class extends Dispatcher {
    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
      const { protocol } = new URL(String(options.origin));
      return (protocol === "https:" ? agents.https : agents.http).dispatch(options, handler);
    }
  })();
  const dispatcher = router.compose(interceptors.redirect({ maxRedirections }));
  return {
    request: async (url, { method = "GET", headers = {}, body, signal }) => {
      const response = await request(url, {
        method,
        headers: { "Accept-Encoding": "identity", ...headers },
        body: typeof body === "function" ? Readable.from(body()) : (body ?? null),
        signal,
        dispatcher,
      });
      // One that nobody reads ends with the client; unheard, that would end the process.
      response.body.on("error", () => {});
      const header = (name: string) => [response.headers[name]].flat()[0];
      const length = Number(header("content-length"));
      return {
        ...{ status: response.statusCode, header, body: response.body },
        length: length > 0 ? length : undefined,
      };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
    },
  };
}

/** The address of a proxy; empty when there is none. */
function proxyIn(environment: Environment, name: string): string {
  const value = environment[name] || environment[name.toUpperCase()];
  if (!value) return "";
  // As curl takes one without a scheme.
  const url = URL.parse(value.includes("://") ? value : `http://${value}`);
  if (url && /^https?:$/.test(url.protocol) && hasReadableCredentials(url)) return url.href;
  throw new AppError({
    code: "usage",
    message: `the environment variable ${name} does not hold the http or https address of a proxy`,
    advice: "Set it as http://HOST:PORT, or unset it.",
  });
}

function hasReadableCredentials({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

/** Node's own and `NODE_EXTRA_CA_CERTS`, then the system's, which `SSL_CERT_FILE` may name. */
function trustedCertificates(): string[] {
  return [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
}
