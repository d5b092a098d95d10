import { describeResponse, type ServiceRule, unlessEmpty, unlessStatus } from "./service-rule.ts";

/** Rules about clients that are not guest tools with HTTP/1.1. */
export const serviceClientRules: readonly ServiceRule[] = [
  {
    id: "http-1.0",
    sentence: "A client may use HTTP/1.0 and leave out the Host header.",
    source: "Endpoints",
    kind: "addition",
    check: async (service) => {
      const ping = await service.sendRaw("GET /engine/v1/ping HTTP/1.0\r\n\r\n");
      const body = "conformance: a line\n";
      const log = await service.sendRaw(
        `POST /engine/v1/log HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      const wrong = [ping, log].find((response) => !/^HTTP\/1\.[01] 200 /.test(response));
      return wrong === undefined ? undefined : `the response ${JSON.stringify(wrong.split("\r\n")[0])}`;
    },
  },
  {
    id: "browser-refused",
    sentence: "On a port, requests of browsers, and for other hosts' names, are refused with 400.",
    source: "Address",
    kind: "addition",
    needsPort: true,
    check: async (service) => {
      const marks: readonly Readonly<Record<string, string>>[] = [
        { Origin: "http://example.com" },
        { Referer: "http://example.com/" },
        { "Sec-Fetch-Site": "cross-site" },
        { Host: "example.com" },
      ];
      for (const headers of marks) {
        const response = await service.send("GET", "ping", { headers });
        const violation = unlessStatus(response, 400);
        if (violation !== undefined)
          return `${describeResponse(response)} to a request with ${JSON.stringify(headers)}`;
      }
      return unlessEmpty(await service.send("GET", "ping"));
    },
  },
];
