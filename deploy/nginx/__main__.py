"""Write nginx's configuration: `python -m deploy.nginx --name booking.example --upstream 127.0.0.1:8000`."""

import argparse
import sys
from pathlib import Path

from deploy.nginx import Front


def main() -> int:
    """Print the configuration that the arguments describe."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.nginx", description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    add = parser.add_argument
    add("--name", action="append", required=True, help="under which people reach the city, as in ALLOWED_HOSTS; again")
    add("--upstream", action="append", required=True, help="a web machine, host:port or unix:/path; again for each")
    add("--static", type=Path, default=Front.static, help="STATIC_ROOT, readable for nginx")
    add("--certificate", type=Path, help="with its chain; without one TLS ends before this machine")
    add("--certificate-key", type=Path)
    add("--http", action="append", help="what to listen on without TLS; again")
    add("--https", action="append", help="what to listen on with TLS; again")
    add("--balancer", action="append", default=[], help="network of load balancers whose X-Forwarded-For is believed")
    add("--admin", action="append", default=[], help="network from which /admin/ may be reached; none: from everywhere")
    add("--run", type=Path, default=Front.run, help="folder of nginx.pid")
    add("--cache", type=Path, default=Front.cache, help="folder of what is kept for a second; best in memory")
    add("--answers", type=Path, default=Front.answers, help="folder of what nginx answers by itself")
    add("--user", default="", help="account of nginx's workers")
    add("--error-log", default=Front.error_log)
    add("--access-log", default=Front.access_log, help="a file, or off")
    add("--requests", type=int, default=Front.requests, help="requests a second of one household")
    add("--burst", type=int, default=Front.burst, help="how many at once beyond that")
    add("--tries", type=int, default=Front.tries, help="tries of codes and passwords a second of one household")
    add("--tries-burst", type=int, default=Front.tries_burst)
    add("--connections", type=int, default=Front.connections, help="requests open at once of one household")
    add("--in-work", type=int, default=Front.in_work, help="requests in work at one web machine")
    given = vars(parser.parse_args())
    if bool(given["certificate"]) != bool(given["certificate_key"]):
        parser.error("--certificate and --certificate-key belong together")
    listening = {name: given.pop(name) or getattr(Front, name) for name in ("http", "https")}
    front = Front(
        names=given.pop("name"), upstreams=given.pop("upstream"), balancers=given.pop("balancer"), **listening, **given
    )
    sys.stdout.write(front.render())
    return 0


if __name__ == "__main__":
    sys.exit(main())
