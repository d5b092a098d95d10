import { arrange } from "./arrange.ts";
import type { House, Imports, Room, Wing } from "./read-house.ts";

// The picture's measures, in pixels.
const room = { width: 168, height: 28, gap: 14 };
const wing = { width: 420, head: 40, pad: 14, gap: 36 };
const margin = 24;
const width = 2 * wing.width + wing.gap + 2 * margin;
/** How far an arc swings out for each row that it passes. */
const swing = 17;

const style = `
  svg { --ground: #ffffff; --wing: #f4f5f7; --room: #ffffff; --line: #c9cdd4; --text: #1f2328; --quiet: #656d76; --down: #4a6fa5; --up: #b4541a; }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #16181d; --wing: #1e2127; --room: #272b33; --line: #434954; --text: #e6e8eb; --quiet: #9aa2ad; --down: #86aee6; --up: #f0955a; }
  }
  text { font: 13px system-ui, sans-serif; fill: var(--text); }
  .name { font-weight: 600; font-size: 15px; }
  .quiet { fill: var(--quiet); font-size: 12px; }
  .ground { fill: var(--ground); }
  .wing { fill: var(--wing); stroke: var(--line); }
  .room { fill: var(--room); stroke: var(--line); }
  .floor { stroke-dasharray: 4 3; }
  .import { fill: none; stroke: var(--down); stroke-opacity: 0.75; marker-end: url(#down); }
  .import.up { stroke: var(--up); marker-end: url(#up); }
  .protocol { stroke: var(--quiet); stroke-dasharray: 5 4; fill: none; }
  #down path { fill: var(--down); }
  #up path { fill: var(--up); }`;

/** What stands in the guest, in Go, and shares with the other rooms the protocol alone. */
export interface Guest {
  readonly files: number;
}

/** Draws the house: wings with their rooms, and an arrow for each import; drawn anew it is the same to the byte. */
export function drawHouse(house: House, guest: Guest): string {
  const { places, height } = layOut(house);
  const below = places.renderer.y + places.renderer.height + wing.gap;
  const guestPlace = { x: margin + 120, y: below, width: wing.width - 120, height: wing.head + 24 };
  const middle = guestPlace.y + guestPlace.height / 2;
  const direct = house.outdoors.filter((one) => !passesCore(one));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    "<title>The rooms of Tinsmith and who imports whom</title>",
    `<style>${style}\n</style>`,
    `<defs>${arrowHead("down")}${arrowHead("up")}</defs>`,
    `<rect class="ground" width="${width}" height="${height}" rx="8"/>`,
    ...house.wings.map((one) => drawWing(one, placeOf(places, one.name), house.indoors)),
    ...direct.map((one) => drawDirect(one, places)),
    ...house.outdoors.filter(passesCore).map((one, index) => drawPast(one, places, index)),
    box("wing", guestPlace),
    ...lines(guestPlace.x + wing.pad, guestPlace.y + 25, [
      '<tspan class="name">guest</tspan>',
      `<tspan class="quiet">${guest.files} files of Go: the guest tools</tspan>`,
    ]),
    `<text class="quiet" x="${guestPlace.x}" y="${guestPlace.y + guestPlace.height + 18}">The dashed line is the protocol of docs/protocol.md.</text>`,
    `<path class="protocol" d="M ${guestPlace.x + guestPlace.width} ${middle} H ${places.core.x}"/>`,
    ...legend(guestPlace.x, guestPlace.y + guestPlace.height + 2 * wing.gap),
    "</svg>\n",
  ].join("\n");
}

/** The window at the left, its engine at the right below those who run it, and at the bottom what all share. */
function layOut({ wings }: House) {
  const find = (name: string) => {
    const found = wings.find((one) => one.name === name);
    if (!found) throw new Error(`there is no room ${name}`);
    return found;
  };
  const [core, renderer, shared] = [find("core"), find("renderer"), find("shared")];
  const hosts = wings.filter((one) => ![core, renderer, shared].includes(one));
  const right = margin + wing.width + wing.gap;
  const hostWidth = (wing.width - wing.gap * (hosts.length - 1)) / hosts.length;
  const hostHeight = Math.max(...hosts.map(wingHeight));
  const coreTop = margin + hostHeight + wing.gap;
  const ground = coreTop + wingHeight(core) + wing.gap;
  const places = {
    ...Object.fromEntries(
      hosts.map(({ name }, index) => [
        name,
        { x: right + index * (hostWidth + wing.gap), y: margin, width: hostWidth, height: hostHeight },
      ]),
    ),
    core: { x: right, y: coreTop, width: wing.width, height: wingHeight(core) },
    renderer: { x: margin, y: margin, width: wing.width, height: wingHeight(renderer) },
    shared: { x: margin, y: ground, width: width - 2 * margin, height: wingHeight(shared) },
  };
  return { places, height: ground + wingHeight(shared) + margin };
}

type Places = ReturnType<typeof layOut>["places"];

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function placeOf(places: Places, name: string): Place {
  const place = new Map<string, Place>(Object.entries(places)).get(name);
  if (!place) throw new Error(`${name} has no place in the picture`);
  return place;
}

function wingHeight({ rooms }: Wing): number {
  if (rooms.length === 1) return wing.head + wing.pad;
  return wing.head + rooms.length * (room.height + room.gap) - room.gap + wing.pad;
}

function drawWing({ name, rooms }: Wing, place: Place, indoors: readonly Imports[]): string {
  const files = rooms.reduce((sum, one) => sum + one.files, 0);
  const head = [
    box("wing", place),
    `<text class="name" x="${place.x + wing.pad}" y="${place.y + 25}">${name}</text>`,
    `<text class="quiet" text-anchor="end" x="${place.x + place.width - wing.pad}" y="${place.y + 25}">${files} files</text>`,
  ];
  if (rooms.length === 1) return `<g data-room="${name}">${head.join("")}</g>`;
  const own = indoors.filter(({ from }) => from.split("/")[0] === name);
  const { order, floor } = arrange(rooms, own);
  const tops = new Map(
    order.map((one, index) => [one.name, place.y + wing.head + index * (room.height + room.gap)]),
  );
  const roomWidth = Math.min(room.width, place.width - 4 * wing.pad);
  const x = place.x + (place.width - roomWidth) / 2;
  const drawn = order.map((one) =>
    drawRoom(one, name, {
      floor: floor.has(one.name),
      place: { x, y: tops.get(one.name) ?? 0, width: roomWidth, height: room.height },
    }),
  );
  const arcs = own
    .filter(({ to }) => !floor.has(to))
    .map((one) =>
      drawArc(one, { x, width: roomWidth, from: tops.get(one.from) ?? 0, to: tops.get(one.to) ?? 0 }),
    );
  return [...head, ...arcs, ...drawn].join("\n");
}

function drawRoom(
  { name, files }: Room,
  wingName: string,
  { floor, place }: { readonly floor: boolean; readonly place: Place },
): string {
  const label = name === wingName ? `${name}/*.ts` : name.slice(wingName.length + 1);
  return [
    `<g data-room="${name}">${box(floor ? "room floor" : "room", place)}`,
    `<text x="${place.x + 10}" y="${place.y + 19}">${label}</text>`,
    `<text class="quiet" text-anchor="end" x="${place.x + place.width - 10}" y="${place.y + 19}">${files}</text></g>`,
  ].join("");
}

/** Down at the right, up at the left. */
function drawArc(
  imports: Imports,
  {
    x,
    width,
    from,
    to,
  }: { readonly x: number; readonly width: number; readonly from: number; readonly to: number },
): string {
  const isDown = to > from;
  const side = isDown ? x + width : x;
  const rows = Math.abs(to - from) / (room.height + room.gap);
  const out = side + (isDown ? 1 : -1) * (6 + swing * rows);
  const start = from + room.height * (isDown ? 0.68 : 0.32);
  const end = to + room.height * (isDown ? 0.32 : 0.68);
  const path = `M ${side} ${start} C ${out} ${start} ${out} ${end} ${side + (isDown ? 5 : -5)} ${end}`;
  return drawImport(imports, path, isDown ? "import" : "import up");
}

/** Whether core stands in the way. */
function passesCore({ from, to }: Imports): boolean {
  return to === "shared" && !["core", "renderer"].includes(from);
}

function drawDirect(imports: Imports, places: Places): string {
  const [from, to] = [placeOf(places, imports.from), placeOf(places, imports.to)];
  const x = imports.from === "renderer" ? from.x + 60 : from.x + from.width / 2;
  return drawImport(imports, `M ${x} ${from.y + from.height} V ${to.y - 5}`, "import");
}

/** Around core, at its right, in a lane of its own. */
function drawPast(imports: Imports, places: Places, index: number): string {
  const [from, to] = [placeOf(places, imports.from), placeOf(places, imports.to)];
  const bottom = from.y + from.height;
  const lane = width - margin + 7 + 8 * index;
  const path = `M ${from.x + from.width - 24} ${bottom} V ${bottom + 10 + 8 * index} H ${lane} V ${to.y - 18} H ${lane - 40} V ${to.y - 5}`;
  return drawImport(imports, path, "import");
}

function legend(x: number, y: number): string[] {
  return lines(x, y, [
    '<tspan class="quiet">Number: source files, without tests</tspan>',
    '<tspan class="quiet">Arrow: imports; the more files do, the thicker</tspan>',
    '<tspan class="quiet">Upward, at the left: against the order</tspan>',
    '<tspan class="quiet">Dashed: nearly all import it; no arrows drawn</tspan>',
  ]);
}

function lines(x: number, y: number, spans: readonly string[]): string[] {
  return spans.map((span, index) => `<text x="${x}" y="${y + 20 * index}">${span}</text>`);
}

function drawImport({ from, to, files }: Imports, path: string, className: string): string {
  const title = `<title>${from} imports ${to}: ${files} files</title>`;
  const weight = (1 + Math.log2(files) / 2.5).toFixed(1);
  return `<path data-import="${from} ${to}" class="${className}" stroke-width="${weight}" d="${path}">${title}</path>`;
}

function box(className: string, { x, y, width, height }: Place): string {
  return `<rect class="${className}" x="${x}" y="${y}" width="${width}" height="${height}" rx="5"/>`;
}

function arrowHead(id: string): string {
  return `<marker id="${id}" viewBox="0 0 8 8" refX="5" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M 0 0 L 8 4 L 0 8 z"/></marker>`;
}
