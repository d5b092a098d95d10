# shellcheck shell=bash
# What the commands of this checkout need, installed when it is missing. Sourced, after which Node is on the PATH.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The oldest Node that runs the sources as they are, and the one taken when the system's is older. Node 22 has no "using", and
# "await using" can hang in 24.2.
node_minimum=24.5
node_pinned=24.21.0

# The exit status of tinsmith for a host that lacks something: see cli/support/exit-status.ts.
host_trouble=5

fail() {
  echo "error: $*" >&2
  exit $host_trouble
}

# Installs Debian packages: need_packages PROGRAM=PACKAGE ... (PROGRAM may be a file's path) takes those whose
# program is missing.
need_packages() {
  local missing=() pair
  for pair; do
    local program=${pair%%=*}
    [[ -e $program ]] || PATH=$PATH:/usr/sbin:/sbin command -v "$program" >/dev/null || missing+=("${pair#*=}")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || fail "please install what Debian calls: ${missing[*]}"
  local as_root=()
  if ((EUID)); then
    command -v sudo >/dev/null || fail "please run as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  echo "Installing Debian packages: ${missing[*]}" >&2
  "${as_root[@]}" apt-get update -qq || echo "The package lists are not all new; trying with what is there." >&2
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}" \
    >/dev/null || fail "apt-get can't install: ${missing[*]}"
}

# Puts a Node on the PATH that is new enough: the system's, else a pinned one kept in .tools.
need_node() {
  local version
  version=$(node --version 2>/dev/null || echo v0)
  printf '%s\n%s\n' "$node_minimum" "${version#v}" | sort -VC && return
  local architecture
  case $(uname -sm) in
    "Linux x86_64") architecture=linux-x64 ;;
    "Linux aarch64") architecture=linux-arm64 ;;
    *) fail "please install Node $node_minimum or newer" ;;
  esac
  local folder=$project/.tools/node-$node_pinned
  if [[ ! -x $folder/bin/node ]]; then
    command -v npm >/dev/null || need_packages npm=npm
    echo "Installing Node $node_pinned in .tools (the system's is ${version})" >&2
    local fresh=$project/.tools/fresh.$$
    mkdir -p "$fresh"
    npm install --silent --no-save --prefix "$fresh" "node-$architecture@$node_pinned" >/dev/null ||
      fail "npm can't install node-$architecture@$node_pinned"
    rm -rf "$folder"
    mv "$fresh/node_modules/node-$architecture" "$folder"
    rm -rf "$fresh"
  fi
  PATH=$folder/bin:$PATH
}

# Installs the npm packages of the lock file, unless they are installed already. Of several programs that are started
# at once, one installs and the others wait.
need_npm_packages() {
  has_npm_packages && return
  mkdir -p "$project/.tools"
  {
    flock 9
    has_npm_packages || install_npm_packages
  } 9>"$project/.tools/.npm-lock"
}
npm_stamp=$project/node_modules/.installed-lock
has_npm_packages() {
  cmp -s "$project/package-lock.json" "$npm_stamp"
}
install_npm_packages() {
  echo "Installing npm packages" >&2
  (cd "$project" && npm ci --silent --no-fund --no-audit 9>&-) || fail "npm ci failed in $project"
  cp "$project/package-lock.json" "$npm_stamp"
}

# Builds a bundle, unless the existing one was built from the same sources: need_bundle NAME SOURCE... The caller may
# have another NODE_ENV, as test runners do, which would bundle React's slower version for developers. If several are
# started at once, one builds and the others wait. A checkout that can't be written is used as it is when it is fresh.
need_bundle() {
  is_bundle_fresh "$@" && return
  mkdir -p "$project/dist"
  {
    flock 9
    is_bundle_fresh "$@" || build_bundle "$@"
  } 9>"$project/dist/.lock"
}
is_bundle_fresh() {
  local stamp=$project/dist/.built-$1
  shift
  [[ -f $stamp && $(<"$stamp") == "$(digest_of "$@")" ]]
}
build_bundle() {
  local name=$1 digest
  shift
  digest=$(digest_of "$@")
  echo "Building the $name" >&2
  (cd "$project" && NODE_ENV=production npm run --silent "build:$name" -- --logLevel warn) || fail "npm run build:$name failed in $project"
  echo "$digest" >"$project/dist/.built-$name"
}
# Prints a digest of sources and of the packages that they import.
digest_of() {
  (cd "$project" && find "$@" package-lock.json -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
}

# The window's page.
need_renderer() {
  need_bundle renderer renderer shared vite.config.ts
}

# The CLI in one file.
need_cli() {
  need_bundle cli cli core shared package.json vite.cli.config.ts
}

# The desktop app's main process and preload script, and what they start.
need_desktop() {
  need_renderer
  need_cli
  need_bundle desktop electron core shared packaging/icons package.json vite.electron.config.ts
}

# The content of an installation outside of a checkout: dist/package.
need_package() {
  need_desktop
  (cd "$project" && npm run --silent build:package) || fail "npm run build:package failed in $project"
}

# The programs that build and run images, beside Node.
need_engine() {
  need_packages qemu-system-x86_64=qemu-system-x86 qemu-img=qemu-utils xorriso=xorriso nc.openbsd=netcat-openbsd \
    go=golang-go
}

# Another client of registries, which tests use: built by Go, 1.21 or newer, and kept in .tools.
oras_pinned=1.3.6
need_oras() {
  local folder=$project/.tools/oras-$oras_pinned
  if [[ ! -x $folder/oras ]]; then
    echo "Building oras $oras_pinned in .tools" >&2
    local fresh=$project/.tools/fresh.$$
    GOBIN=$fresh GOTOOLCHAIN=auto go install "oras.land/oras/cmd/oras@v$oras_pinned" ||
      fail "go can't build oras $oras_pinned: it needs Go 1.21 or newer, and a Go module proxy"
    mkdir -p "$folder"
    mv "$fresh/oras" "$folder/oras"
    rm -rf "$fresh"
  fi
  export TINSMITH_TEST_ORAS=$folder/oras
}

# The programs that make the embedded guest OS.
need_guest_os_builder() {
  need_packages cpio=cpio depmod=kmod xz=xz-utils
}

need_node
need_npm_packages
