import { Agent, request } from "node:http";

// node bench/scripted-guest.ts SOCKET
// The guest's end of the MetaService, in a process of its own: it answers actions until it is ended.

const [socketPath] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

/** Sends a request without a body. @returns the reply's body */
function exchange(method: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, agent, method, path: `/engine/v1/${path}` }, (reply) => {
      let text = "";
      reply.on("data", (data) => {
        text += data;
      });
      reply.on("end", () => resolve(text));
    });
    sent.on("error", reject).end();
  });
}

for (;;) {
  const { id, type } = JSON.parse(await exchange("GET", "poll"));
  // As guest tools do, it polls again at once.
  if (type !== "none") void exchange("POST", `reply?id=${id}`);
}
