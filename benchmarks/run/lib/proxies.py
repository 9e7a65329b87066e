# SPDX-License-Identifier: Apache-2.0
"""The TCP proxies on loopback: how each is started, and which of them are here."""

import collections
import glob
import os
import shutil
import sys

from places import SLUICE, peer
import java

SPLICE = "C splice"
GO = "Go io.Copy"
SLUICE_PROXY = "sluice"

# What a proxy is started with: ports to listen on and to connect to, a folder of its own, and how many CPUs it has.
Place = collections.namedtuple("Place", "port target directory cpus")

# The JVM as the launcher of sluice starts it, so that the two differ in what they run and not in how.
JVM_FLAGS = ["-XX:+UseSerialGC", "-XX:-UsePerfData"]

HAPROXY = """
global
    maxconn 4000
    maxpipes 1024
    tune.pipesize 1048576
defaults
    mode tcp
    timeout connect 1h
    timeout client 1h
    timeout server 1h
    option splice-request
    option splice-response
listen proxy
    bind 127.0.0.1:{0.port} backlog 4096
    server target 127.0.0.1:{0.target}
"""

NGINX = """
load_module {module};
daemon off;
worker_processes {0.cpus};
worker_rlimit_nofile 16384;
pid {0.directory}/pid;
error_log stderr error;
events {{
    worker_connections 8192;
}}
stream {{
    server {{
        listen 127.0.0.1:{0.port} backlog=4096;
        proxy_pass 127.0.0.1:{0.target};
        proxy_buffer_size 64k;
        proxy_timeout 1h;
    }}
}}
"""


def configuration(place, text):
    path = os.path.join(place.directory, "conf")
    with open(path, "w") as file:
        file.write(text)
    return path


def nginx_module():
    found = sorted(glob.glob("/usr/lib*/nginx/modules/ngx_stream_module.so"))
    return found[0] if found else None


def haproxy(place):
    return ["haproxy", "-q", "-db", "-f", configuration(place, HAPROXY.format(place))]


def nginx(place):
    text = NGINX.format(place, module=nginx_module())
    return ["nginx", "-q", "-p", place.directory, "-e", "stderr", "-c", configuration(place, text)]


def socat(place):
    return ["socat", "-b", "65536",
            f"TCP4-LISTEN:{place.port},bind=127.0.0.1,reuseaddr,fork,backlog=4096,nodelay",
            f"TCP4:127.0.0.1:{place.target},nodelay"]


def with_ports(*program):
    return lambda place: [*program, str(place.port), str(place.target)]


PROXIES = {
    SPLICE: with_ports(peer("splice-proxy")),
    SLUICE_PROXY: lambda place: [SLUICE, "proxy", f"tcp:127.0.0.1:{place.port}", f"tcp:127.0.0.1:{place.target}"],
    GO: with_ports(peer("proxy-go")),
    "HAProxy": haproxy,
    "nginx": nginx,
    "socat": socat,
    "Netty": lambda place: java.program("NettyProxy", *JVM_FLAGS) + [str(place.port), str(place.target)],
}

# A proxy whose program, or a file that it needs, is missing is left out.
NEEDS = {
    SPLICE: [peer("splice-proxy")],
    SLUICE_PROXY: [SLUICE],
    GO: [peer("proxy-go")],
    "HAProxy": ["haproxy"],
    "nginx": ["nginx", nginx_module() or "libnginx-mod-stream"],
    "socat": ["socat"],
    "Netty": [java.JAR],
}


def present(names):
    """Those of the named proxies that can run here, name -> how; says on stderr what is missing for the others."""
    found = {}
    for name in names:
        missing = [need for need in NEEDS[name] if not os.path.exists(need) and not shutil.which(need)]
        if missing:
            print(f"left out, not here: {name} (needs {', '.join(missing)})", file=sys.stderr)
        else:
            found[name] = PROXIES[name]
    return found
