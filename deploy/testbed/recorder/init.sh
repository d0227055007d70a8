#!/bin/sh
# First process of the machine in which layouts are recorded. Its first serial port tells a person what goes on, the second takes the recording.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C HOME=/ LVM_SUPPRESS_FD_WARNINGS=1
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /run
for module in virtio_pci virtio_blk crc32c_generic ext4 dm-mod; do modprobe "$module"; done
/lib/systemd/systemd-udevd --daemon
udevadm trigger --action=add
udevadm settle
# Whatever hangs is ended from within, so that the console tells how far it came.
(sleep 240; dmesg | tail -20; ps; poweroff -f) &

layout=$(sed -E 's/.*layout=([^ ]+).*/\1/' /proc/cmdline)
start=$(sed -E 's/.*start=([0-9]+).*/\1/' /proc/cmdline)
stty -F /dev/ttyS1 raw -echo
if [ "$layout" = try ]; then
  (. /layouts.sh; . /try.sh; echo "end of recording") > /dev/ttyS1 2>&1
else
  # A layout that fails in the middle must not end as if it were whole.
  (set -e; . /moment.sh; . /layouts.sh; "layout_$(echo "$layout" | tr - _)"; echo "end of recording") > /run/recording 2> /dev/console
  cat /run/recording > /dev/ttyS1
fi
# Whatever is still in the port's memory is lost by switching off.
stty -F /dev/ttyS1 9600 2> /dev/null
sleep 1
sync
poweroff -f
