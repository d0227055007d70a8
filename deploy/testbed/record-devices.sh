#!/usr/bin/env bash
# Records what a node tells its agent of disks, mapped devices and logical volumes, for the tests in src/Portal.Tests/Agent/Recorded.
#
#   record-devices.sh              all layouts of recorder/layouts.sh
#   record-devices.sh LAYOUT...    these
#   record-devices.sh --try FILE   runs a script in such a machine and shows what it says; nothing is recorded
#
# Each layout is made in a virtual machine of its own, so that nothing of this machine is touched and its kernel needs no device-mapper:
# Debian's kernel, lvm, cryptsetup and udev in an initramfs, four empty disks. It takes half a minute a layout. RECORDER_KVM=1 takes /dev/kvm, which is
# faster; a machine that is virtual itself may have one that does not work.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
target=$here/../../src/Portal.Tests/Agent/Recorded/Cases
accelerator="-accel tcg,thread=multi"
[ -z "${RECORDER_KVM:-}" ] || accelerator="-accel kvm -cpu host"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. "$here/packages.sh"
need_packages qemu-system-x86 lvm2 thin-provisioning-tools cryptsetup-bin busybox-static kmod cpio e2fsprogs util-linux

# Kernel and udev are taken out of their packages: installing them would change how this machine starts.
unpack() {
  local package=$1
  (cd "$work" && apt-get download -qq "$package" >/dev/null 2>&1) || { echo "The package $package could not be downloaded." >&2; exit 1; }
  dpkg -x "$work/$package"_*.deb "$work/packages"
}

kernel_package() { apt-cache depends linux-image-amd64 | sed -nE 's/^ *Depends: (linux-image-[0-9].*)/\1/p' | head -1; }

# A program with the libraries it is linked to.
add_program() {
  local file
  file=$(command -v "$1") || { echo "$1 is not on this machine." >&2; exit 1; }
  cp -L "$file" "$root$file"
  add_libraries "$file"
}

add_libraries() {
  local library
  for library in $(ldd "$1" 2>/dev/null | grep -oE '/[^ ]+'); do
    mkdir -p "$root$(dirname "$library")"
    cp -Lu "$library" "$root$library"
  done
}

build_initramfs() {
  unpack "$(kernel_package)"; unpack udev
  root=$work/root
  release=$(ls "$work/packages/lib/modules")
  mkdir -p "$root"/{usr/{bin,sbin,lib,lib64},proc,sys,dev,run,tmp,etc,var/lib,run/lock}
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$root/"
  ln -s ../run/lock "$root/var/lock"
  mkdir -p "$root/lib/udev/rules.d" "$root/lib/systemd" "$root/lib/modules/$release/kernel"
  cp -r "$work/packages/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$root/lib/modules/$release/"
  (cd "$work/packages/lib/modules/$release/kernel" &&
    cp -r --parents crypto lib arch/x86/crypto drivers/md drivers/block/virtio_blk.ko drivers/block/loop.ko drivers/virtio drivers/scsi/scsi_common.ko \
      fs/ext4 fs/jbd2 fs/mbcache.ko "$root/lib/modules/$release/kernel/")
  depmod -b "$root" "$release"
  local program
  for program in dash lvm dmsetup cryptsetup thin_check lsblk wipefs losetup blkid mkfs.ext4 mount umount; do add_program "$program"; done
  for program in pvcreate vgcreate lvcreate vgchange lvchange lvs pvs vgs pvmove pvscan vgreduce vgextend pvremove vgremove lvremove pvresize lvextend lvconvert vgcfgbackup; do ln -s lvm "$root/usr/sbin/$program"; done
  cp "$work/packages/bin/udevadm" "$root/bin/"
  ln -s /bin/udevadm "$root/lib/systemd/systemd-udevd"
  add_libraries "$work/packages/bin/udevadm"
  # The rules of disks alone: the machine has nothing else.
  cp "$work/packages"/lib/udev/rules.d/{50-udev-default,60-block,60-persistent-storage}.rules /lib/udev/rules.d/{55-dm,60-persistent-storage-dm,56-lvm,95-dm-notify}.rules "$root/lib/udev/rules.d/"
  mkdir -p "$root/etc/lvm" "$root/etc/udev"
  cp -r /etc/lvm/lvm.conf "$root/etc/lvm/"
  [ ! -d /etc/lvm/profile ] || cp -r /etc/lvm/profile "$root/etc/lvm/"
  printf 'root:x:0:0:root:/:/bin/sh\n' > "$root/etc/passwd"
  printf 'root:x:0:\ndisk:x:6:\n' > "$root/etc/group"
  cp "$(command -v busybox)" "$root/bin/busybox"
  # busybox's own shell would run busybox's losetup, which speaks no JSON.
  ln -s dash "$root/bin/sh"
  # Where the kernel looks for it.
  ln -s /bin/busybox "$root/sbin/modprobe"
  for program in $("$root/bin/busybox" --list); do
    [ -e "$root/bin/$program" ] || [ -e "$root/sbin/$program" ] || ln -s busybox "$root/bin/$program"
  done
  cp "$here"/recorder/{layouts,moment}.sh "$root/"
  install -m 755 "$here/recorder/init.sh" "$root/init"
  [ -z "${script:-}" ] || cp "$script" "$root/try.sh"
  (cd "$root" && find . | cpio -o -H newc --quiet) > "$work/initramfs"
  kernel=$(ls "$work"/packages/boot/vmlinuz-*)
}

# boot LAYOUT START: what the machine writes to its second serial port is in $work/out then.
boot() {
  local disk disks=()
  for disk in 1 2 3 4; do
    [ "$2" != 1 ] || { rm -f "$work/disk$disk"; truncate -s 192M "$work/disk$disk"; }
    disks+=(-drive "file=$work/disk$disk,format=raw,if=none,id=d$disk,cache=unsafe" -device "virtio-blk-pci,drive=d$disk,serial=disk-$disk")
  done
  : > "$work/out"
  timeout 300 qemu-system-x86_64 -machine q35 $accelerator -m 768 -smp 2 -nodefaults -display none -no-reboot \
    -kernel "$kernel" -initrd "$work/initramfs" -append "console=ttyS0 panic=-1 layout=$1 start=$2" \
    -serial "file:$work/console" -serial "file:$work/out" "${disks[@]}" 2>"$work/qemu" || { cat "$work/qemu" >&2; return 1; }
}

fail() { echo "The layout $1 could not be recorded:" >&2; tail -40 "$work/console" >&2; exit 1; }

record() {
  local start=1 starts=1
  [ "$1" != renumbered ] || starts=2
  rm -rf "${target:?}/$1"
  mkdir -p "$target/$1"
  for (( ; start <= starts; start++ )); do
    boot "$1" "$start" || fail "$1"
    grep -q '^end of recording$' "$work/out" || fail "$1"
    awk -v folder="$target/$1" '/^moment /{ file = folder "/" $2 ".txt"; next } /^end of recording$/{ exit } { print > file }' "$work/out"
  done
  echo "$1: $(ls "$target/$1" | tr '\n' ' ')"
}

if [ "${1:-}" = --try ]; then
  script=$2
  build_initramfs
  boot try 1 || true
  cat "$work/out"
  grep -q '^end of recording$' "$work/out" || fail "$2"
  exit
fi
build_initramfs
layouts=("$@")
[ ${#layouts[@]} -gt 0 ] || mapfile -t layouts < <(sed -nE 's/^layout_([a-z0-9_]+)\(\).*/\1/p' "$here/recorder/layouts.sh" | tr _ -)
for layout in "${layouts[@]}"; do record "$layout"; done
