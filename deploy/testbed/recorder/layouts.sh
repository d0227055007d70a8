# Sourced: one function for each layout, layout_NAME. The machine has four empty disks of 192 MiB, vda to vdd. Volumes are named as TopoLVM names
# them, by a uid; they are mounted as topolvm-node and the kubelet do: by a device file of TopoLVM's own, in the folder of a pod.
# "1-before" and "2-after" stand on both sides of a known amount of work: 16 MiB written to "first" and 8 MiB of it read again.

group=myvg1
first=3f0c9a52-7a5e-4c7e-9a5d-0c1b2d3e4f01
second=3f0c9a52-7a5e-4c7e-9a5d-0c1b2d3e4f02
third=3f0c9a52-7a5e-4c7e-9a5d-0c1b2d3e4f03

say() { echo "$*" >&2; }
quietly() { "$@" >&2; }

make_group() { quietly pvcreate -q "$@"; quietly vgcreate -q "$group" "$@"; }

make_volume() { local name=$1; shift; quietly lvcreate -q --yes --wipesignatures y --name "$name" "$@"; }

mounted_at() { echo "/var/lib/kubelet/pods/$1/volumes/kubernetes.io~csi/pvc-$1/mount"; }

# mount_volume NAME [DEVICE]
mount_volume() {
  local device=${2:-/dev/$group/$1}
  # What a new file system writes later on by itself would be counted as work.
  quietly mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "$device"
  mount_again "$1" "$device"
}

mount_again() {
  local device number place
  device=$(readlink -f "$2")
  place=$(mounted_at "$1")
  number=$(cat "/sys/class/block/${device##*/}/dev")
  mkdir -p /dev/topolvm "$place"
  rm -f "/dev/topolvm/$1"
  mknod "/dev/topolvm/$1" b "${number%:*}" "${number#*:}"
  quietly mount -t ext4 "/dev/topolvm/$1" "$place"
}

work_on() {
  local place
  place=$(mounted_at "$1")
  quietly dd if=/dev/zero of="$place/data" bs=1M count=16 oflag=direct
  quietly dd if="$place/data" of=/dev/null bs=1M count=8 iflag=direct
}

around_work() { moment 1-before; work_on "$first"; moment 2-after; }

layout_linear_over_two_disks() {
  make_group /dev/vda /dev/vdb
  make_volume "$first" --size 300M "$group"
  make_volume "$second" --size 32M "$group"
  mount_volume "$first"
  # The second half of the volume, which lies on the second disk, is written too.
  moment 1-before
  work_on "$first"
  quietly dd if=/dev/zero of="$(mounted_at "$first")/more" bs=1M count=200 oflag=direct
  moment 2-after
}

layout_striped() {
  make_group /dev/vda /dev/vdb
  make_volume "$first" --stripes 2 --size 64M "$group"
  mount_volume "$first"
  around_work
}

in_step() {
  until [ "$(lvs --noheadings -o copy_percent "$group/$first" | tr -d ' ')" = 100.00 ]; do sleep 0.2; done
}

layout_raid1() {
  make_group /dev/vda /dev/vdb
  make_volume "$first" --type raid1 --mirrors 1 --size 64M "$group"
  mount_volume "$first"
  in_step
  around_work
}

layout_raid5() {
  make_group /dev/vda /dev/vdb /dev/vdc
  make_volume "$first" --type raid5 --stripes 2 --size 64M "$group"
  mount_volume "$first"
  in_step
  around_work
}

# The second is a snapshot of the first, as TopoLVM makes them; the third is another volume of the pool.
layout_thin_pool() {
  make_group /dev/vda /dev/vdb
  quietly lvcreate -q --yes --type thin-pool --name pool0 --size 128M "$group"
  make_volume "$first" --thin --virtualsize 64M "$group/pool0"
  make_volume "$third" --thin --virtualsize 96M "$group/pool0"
  mount_volume "$first"
  mount_volume "$third"
  sync
  quietly lvcreate -q --snapshot --name "$second" --setactivationskip n "$group/$first"
  around_work
}

# Data and metadata of the pool are mirrored.
layout_thin_pool_on_raid1() {
  make_group /dev/vda /dev/vdb
  quietly lvcreate -q --yes --type raid1 --mirrors 1 --name pool0 --size 96M "$group"
  quietly lvcreate -q --yes --type raid1 --mirrors 1 --name meta0 --size 8M "$group"
  quietly lvconvert -q --yes --type thin-pool --poolmetadata "$group/meta0" "$group/pool0"
  make_volume "$first" --thin --virtualsize 64M "$group/pool0"
  mount_volume "$first"
  until [ "$(lvs -a --noheadings -o copy_percent "$group/pool0_tdata" | tr -d ' ')" = 100.00 ]; do sleep 0.2; done
  around_work
}

layout_snapshot() {
  make_group /dev/vda /dev/vdb
  make_volume "$first" --size 64M "$group"
  mount_volume "$first"
  sync
  quietly lvcreate -q --snapshot --name "$second" --size 48M "$group/$first"
  around_work
}

encrypt() {
  printf secret | quietly cryptsetup luksFormat --batch-mode --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 "$1" -
  printf secret | quietly cryptsetup open --key-file - "$1" "$2"
}

layout_luks_on_volume() {
  make_group /dev/vda
  make_volume "$first" --size 96M "$group"
  encrypt "/dev/$group/$first" "luks-$first"
  mount_volume "$first" "/dev/mapper/luks-$first"
  around_work
}

layout_group_on_luks() {
  encrypt /dev/vda luks-vda
  make_group /dev/mapper/luks-vda
  make_volume "$first" --size 96M "$group"
  mount_volume "$first"
  around_work
}

layout_group_on_partition() {
  printf 'o\nn\np\n1\n\n\nw\n' | quietly fdisk /dev/vda
  udevadm settle
  make_group /dev/vda1
  make_volume "$first" --size 96M "$group"
  mount_volume "$first"
  around_work
}

layout_group_on_loop() {
  mkdir -p /var/lib/topolvm-portal
  quietly mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 /dev/vda
  quietly mount -t ext4 /dev/vda /var/lib/topolvm-portal
  truncate -s 128M /var/lib/topolvm-portal/disk.img
  quietly modprobe loop max_loop=0
  quietly losetup --direct-io=on /dev/loop0 /var/lib/topolvm-portal/disk.img || quietly losetup -f --direct-io=on /var/lib/topolvm-portal/disk.img
  udevadm settle
  make_group /dev/loop0
  make_volume "$first" --size 96M "$group"
  mount_volume "$first"
  around_work
}

# Both moments are within the move; else it is recorded anew.
layout_moving() {
  make_group /dev/vda /dev/vdb
  make_volume "$first" --size 64M "$group" /dev/vda
  make_volume "$second" --size 32M "$group" /dev/vda
  mount_volume "$first"
  quietly pvmove --background --interval 600 /dev/vda
  around_work
  quietly dmsetup info "$group-pvmove0"
}

# The volumes keep their names and get other numbers: first by being activated in another order, then by a new start of the machine.
layout_renumbered() {
  if [ "$start" = 1 ]; then
    make_group /dev/vda /dev/vdb
    make_volume "$first" --size 48M "$group"
    make_volume "$second" --size 48M "$group"
    make_volume "$third" --size 48M "$group"
    mount_volume "$first"
    mount_volume "$second"
    moment 1-made
    work_on "$first"
    moment 2-worked
    umount "$(mounted_at "$first")"
    umount "$(mounted_at "$second")"
    quietly vgchange --activate n "$group"
    for volume in "$third" "$second" "$first"; do quietly lvchange --activate y "$group/$volume"; done
    mount_again "$first" "/dev/$group/$first"
    mount_again "$second" "/dev/$group/$second"
    moment 3-activated-in-another-order
    work_on "$first"
    moment 4-worked
    umount "$(mounted_at "$first")"
    umount "$(mounted_at "$second")"
    sync
  else
    for volume in "$second" "$first" "$third"; do quietly lvchange --activate y "$group/$volume"; done
    mount_again "$first" "/dev/$group/$first"
    mount_again "$second" "/dev/$group/$second"
    moment 5-started-anew
    work_on "$first"
    moment 6-worked
  fi
}
