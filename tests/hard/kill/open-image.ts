import { join } from "node:path";
import { openImage } from "../../../core/image/archive/open-image.ts";
import { findPaths } from "../../../core/storage/paths.ts";

// open-image.ts ARCHIVE OWN
// Opens an image as a run does: unpacks it into the cache, or finds it there.

const [archive = "", ownFolder = ""] = process.argv.slice(2);
using _image = await openImage(findPaths(), { archive, ownFolder: join(ownFolder, "own") });
