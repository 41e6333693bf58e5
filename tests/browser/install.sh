#!/usr/bin/env bash
# Chromium, the Chinese fonts that documents are set in, and a library that Playwright's driver needs, from Debian's own packages.
# Does nothing when they are there.
set -euo pipefail

missing=()
[[ -x ${CHROMIUM:-/usr/bin/chromium} ]] || missing+=(chromium)
[[ -n $(fc-list "Noto Serif CJK SC" 2>/dev/null | head -1) ]] || missing+=(fonts-noto-cjk fontconfig)
[[ $(/sbin/ldconfig -p) == *libatomic.so.1* ]] || missing+=(libatomic1)
((${#missing[@]})) || exit 0

remedy="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if ((EUID == 0)); then
  as_root=(env)
elif sudo -n true 2>/dev/null; then
  as_root=(sudo)
else
  echo "浏览器测试缺少 ${missing[*]}，当前用户无权安装。请以管理员身份执行：" >&2
  echo "The browser tests need ${missing[*]}. Run as root, then try again:" >&2
  echo "  $remedy" >&2
  exit 1
fi

echo "正在安装浏览器测试所需的系统软件包：${missing[*]}……"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { "${as_root[@]}" apt-get update -qq &&
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    "${missing[@]}"; } >"$log" 2>&1; then
  cat "$log" >&2
  echo "没有装上 ${missing[*]}。请检查软件源后执行：/ Could not install them; check the package source, then run:" >&2
  echo "  $remedy" >&2
  exit 1
fi
