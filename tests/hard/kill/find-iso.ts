import { findInstallIso } from "../../../core/iso/install-iso.ts";
import { findPaths } from "../../../core/storage/paths.ts";

// find-iso.ts FOLDER SOURCE
// Finds an ISO as a build does, by what a recipe in that folder says of it, in JSON.

const [folder = "", source = ""] = process.argv.slice(2);
const { cache } = findPaths();
await findInstallIso(JSON.parse(source), { folder, cache, working: cache });
