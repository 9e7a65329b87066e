#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# How containers are told to log by Sluice where there is no Docker. The logger's path must be absolute.
logger='binary:///opt/sluice/sluice-containerd-logger'

# By a process for each container:
ctr run -d --log-uri "$logger?dir=/var/lib/sluice/logs&format=raw" docker.io/library/busybox:1 one echo hello

# By the daemon that sluice.service runs, so that a container costs no JVM:
ctr run -d --log-uri "$logger?dir=/var/lib/sluice/logs&format=cri&daemon=/run/sluice/control.sock" \
    docker.io/library/busybox:1 two echo hello

# nerdctl passes the same:
nerdctl run -d --log-driver "$logger?dir=/var/lib/sluice/logs&daemon=/run/sluice/control.sock" busybox echo hello
