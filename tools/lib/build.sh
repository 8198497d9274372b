# Building, shared by the tools. Sourced from the repository's root.

# One compiler cache for all checkouts, so that a second build of anything is fast.
export CCACHE_DIR=${CCACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/cosell-sync/ccache}

# build PRESET [TARGET...]: all targets when none is named.
build() {
  local preset=$1
  shift
  local targets=()
  (($# > 0)) && targets=(--target "$@")
  mkdir -p "$CCACHE_DIR" "build/$preset"
  if ! cmake --preset "$preset" >"build/$preset/configure.log" 2>&1; then
    cat "build/$preset/configure.log" >&2
    return 1
  fi
  cmake --build --preset "$preset" "${targets[@]}"
}
