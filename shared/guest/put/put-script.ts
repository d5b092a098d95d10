import type { PutSource } from "./put-source.ts";

/**
 * Receives a file, or a folder as a tar archive, from its stdin, with a POSIX shell and a few programs that busybox has.
 * All data goes to a temporary name beside the target, which gets the target's name when it is whole: an
 * interrupted transfer changes nothing. If the folder exists, the files of the new one are added to it.
 *
 * Arguments: kind, path, name of the source, mode in octal, bytes of a file, a random word. It prints the path of the
 * result. On failure the last line of stderr is `tinsmith: REASON WORD...`.
 */
const script = `
export LC_ALL=C
kind=$1 target=$2 name=$3 mode=$4 size=$5 random=$6
fail() { echo "tinsmith: $*" >&2; exit 1; }
[ "$kind" = file ] && needed="cat wc chmod" || needed="tar mkdir"
for program in $needed mv rm; do
  command -v "$program" >/dev/null || fail no-program "$program"
done
case $target in
  */) [ -d "$target" ] || fail no-folder "$target" ;;
esac
[ ! -d "$target" ] || target=\${target%/}/$name
folder=\${target%/*}/
[ -d "$folder" ] || fail no-folder "$folder"
if [ "$kind" = file ]; then
  [ ! -d "$target" ] || fail is-folder "$target"
  [ ! -e "$target" ] || [ -f "$target" ] || fail is-special "$target"
else
  [ ! -e "$target" ] || [ -d "$target" ] || fail is-file "$target"
fi

partial=$folder.tinsmith-$random
trap 'rm -rf "$partial"' EXIT
trap 'exit 1' HUP INT TERM
merge() {
  for inner in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    [ -e "$inner" ] || [ -L "$inner" ] || continue
    if [ -d "$2/\${inner##*/}" ] && [ -d "$inner" ] && [ ! -L "$inner" ]; then
      merge "$inner" "$2/\${inner##*/}"
    elif [ -d "$2/\${inner##*/}" ]; then
      fail is-folder "$2/\${inner##*/}"
    else
      mv -f "$inner" "$2/" || fail not-written "$2/\${inner##*/}"
    fi
  done
}
if [ "$kind" = file ]; then
  (umask 077 && cat >"$partial") || fail not-written "$target"
  [ "$(wc -c <"$partial")" -eq "$size" ] || fail cut "$target"
  chmod "$mode" "$partial" && mv -f "$partial" "$target" || fail not-written "$target"
else
  mkdir -m 700 "$partial" && tar -x -p -f - -C "$partial" || fail not-written "$target"
  [ -e "$partial/whole" ] || fail cut "$target"
  if [ -d "$target" ]; then
    merge "$partial/content" "$target"
  else
    mv "$partial/content" "$target" || fail not-written "$target"
  fi
fi
printf %s "$target"
`;

/** The folder of a tar archive for the script that has the source's entries. */
export const contentFolder = "content";
/** The last entry of such an archive, by which the script knows that nothing is missing. */
export const wholeMark = "whole";

/**
 * The command that receives a source in the guest.
 *
 * @param path as the person gave it: a folder that exists gets the source under its own name
 * @param random a word of letters and digits for the temporary name
 */
export function putCommand(source: PutSource, path: string, random: string): readonly string[] {
  const [first] = source.entries;
  const mode = (first?.mode ?? 0o644).toString(8);
  const size = String(first?.size ?? 0);
  return ["sh", "-c", script, "tinsmith-put", source.kind, path, source.name, mode, size, random];
}
