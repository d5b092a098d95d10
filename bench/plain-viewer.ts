import { once } from "node:events";
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";

/** The library's folder, whose modules a browser loads as they are. */
const library = dirname(dirname(fileURLToPath(import.meta.resolve("@novnc/novnc"))));

interface Size {
  readonly width: number;
  readonly height: number;
}

const pageOf = ({ width, height }: Size) => `<!doctype html>
<div id="screen" style="width: ${width}px; height: ${height}px"></div>
<script type="module">
  import RFB from "/core/rfb.js";
  const rfb = new RFB(document.querySelector("#screen"), "ws://" + location.host + "/screen");
  rfb.scaleViewport = true;
  rfb.compressionLevel = 0;
</script>`;

/** A page with nothing but the viewer's library, on a screen of QEMU's. */
export interface PlainViewer extends AsyncDisposable {
  readonly address: string;
}

/**
 * @param vncSocket of the VNC server.
 * @param size to which the screen is scaled, which takes most of a browser's time where it has no graphics card
 */
export async function startPlainViewer(vncSocket: string, size: Size): Promise<PlainViewer> {
  const server = createServer((request, response) => {
    const path = join(library, normalize(request.url ?? "/"));
    if (request.url === "/") response.setHeader("Content-Type", "text/html").end(pageOf(size));
    else if (!existsSync(path)) response.writeHead(404).end();
    else createReadStream(path).pipe(response.setHeader("Content-Type", "text/javascript"));
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (socket) => {
    const screen = connect(vncSocket);
    screen.on("error", () => {});
    screen.on("data", (bytes) => socket.send(bytes));
    screen.on("close", () => socket.close());
    socket.on("message", (message: Buffer) => screen.write(message));
    socket.on("close", () => screen.destroy());
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
