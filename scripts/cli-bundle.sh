# shellcheck shell=bash
# The CLI of this checkout as a bundle, which starts in a third of the time that its sources take. Sourced by tinsmith,
# which sets $project and $path_node, the Node on the PATH. A bundle is used only while nothing that it was built from has changed.

# shellcheck disable=SC2154 # Set by tinsmith.
bundles=$project/dist/checkout
# The bundle that is up to date: its path, the Node that runs it, and the Node on the PATH, each with its identity.
# Its time is before the moment at which the sources of the bundle were read.
current=$bundles/current
cli_sources=(cli core shared package.json package-lock.json vite.cli.config.ts)

# Runs the CLI from its bundle if that is up to date; otherwise returns. Each change of a file or folder has a new ctime,
# which no program can set back: one find over the sources takes 10 ms.
run_bundle() {
  local lines
  [[ -f $current ]] && mapfile -t lines <"$current" || return 0
  local bundle=${lines[0]-} node=${lines[1]-}
  [[ -f $bundle && $node && $path_node == "${lines[3]-}" && $(identity_of "$node") == "${lines[2]-}" ]] || return 0
  [[ ! $(find_change) ]] || return 0
  [[ $node == "${lines[3]}" ]] || PATH=${node%/*}:$PATH
  # With room for 4 MB of new objects, V8 collects no garbage while it starts, which took a tenth of the time.
  start_node "$node" --min-semi-space-size=4 "$bundle" "$@"
}

identity_of() {
  stat -Lc '%d:%i:%s:%Z' "$1" 2>/dev/null || true
}

# A source that changed after the bundle was built, or that can't be looked at.
find_change() {
  (cd "$project" && find "${cli_sources[@]}" -cnewer "$current" -print -quit 2>/dev/null) || echo "an error"
}

start_node() {
  # Node keeps compiled code there, which halves the time to start.
  export NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE-$project/node_modules/.cache/node}
  exec "$@"
}

# Builds the bundle in the background, for the next start: this one need not wait. Of several at once, one builds.
renew_bundle() {
  [[ -x $project/node_modules/.bin/vite ]] && mkdir -p "$bundles" 2>/dev/null && [[ -w $bundles ]] || return 0
  (
    trap - ERR
    set +e
    { flock -n 9 && build_current; } 9>"$bundles/.lock" &
  ) </dev/null >/dev/null 2>&1
}

build_current() {
  # shellcheck disable=SC2154 # Set by tinsmith.
  local asked=$path_node node began digest folder
  node=$(type -P node)
  began=$(date +%s)
  digest=$(digest_of "${cli_sources[@]}")
  folder=$bundles/${digest:0:20}
  if [[ ! -f $folder/tinsmith.cjs ]]; then
    (cd "$project" && NODE_ENV=production nice node_modules/.bin/vite build -c vite.cli.config.ts --mode checkout \
      --outDir "$bundles/.new" --emptyOutDir --logLevel error) || return
    # A bundle that was built while the sources changed is of neither version.
    [[ $digest == "$(digest_of "${cli_sources[@]}")" ]] || return
    rm -rf "$folder"
    mv "$bundles/.new" "$folder"
  fi
  printf '%s\n' "$folder/tinsmith.cjs" "$node" "$(identity_of "$node")" "$asked" >"$current.new"
  # File systems keep times in steps of up to 2 s.
  touch -d "@$((began - 2))" "$current.new"
  mv "$current.new" "$current"
  remove_others "$folder"
}

# Removes bundles that no process runs: a command loads parts of its bundle when it needs them.
remove_others() {
  local other
  for other in "$bundles"/*/; do
    [[ $other == "$1/" ]] || pgrep -f -- "$other" >/dev/null || rm -rf "$other"
  done
}
