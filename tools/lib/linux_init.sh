#!/bin/busybox sh
# The first program of tools/linux-control's machine, as process 1: gives Linux what Fathom's kernel has of
# itself (/proc, /dev with the ports by name), and turns into Fathom's init, which runs the job.
box=/bin/busybox
ports=/dev/virtio-ports
$box mount -t proc proc /proc
$box mkdir -p /sys
$box mount -t sysfs sysfs /sys
$box mount -t devtmpfs devtmpfs /dev
$box mkdir -p $ports
tries=0
while [ ! -e $ports/fathom.control ] || [ ! -e $ports/fathom.stdin ] ||
    [ ! -e $ports/fathom.stdout ] || [ ! -e $ports/fathom.stderr ]; do
    for port in /sys/class/virtio-ports/*; do
        read -r name < "$port/name" && $box ln -sf "/dev/${port##*/}" "$ports/$name"
    done
    tries=$((tries + 1))
    [ $tries -lt 500 ] || break
    $box usleep 10000
done 2>/dev/null
$box --install -s /bin 2>/dev/null
exec /sbin/init
