import packageJson from "../../package.json" with { type: "json" };
import { sessionProtocol } from "../../shared/contracts/session-protocol.ts";

/** The version of this Tinsmith that its sessions report to others. */
export const ownVersion = { tinsmith: packageJson.version, protocol: sessionProtocol };
