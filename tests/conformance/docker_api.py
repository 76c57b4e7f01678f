"""As much of Docker's API as Traefik's docker provider asks, on a Unix socket: the services of compose
projects as running containers, each network of each at an address of its own."""
import hashlib
import http.server
import json
import re
import socketserver
import threading

VERSION = '1.54'


def containers_of(project, name, first=10, block='127.0.0'):
    """Containers of a project as Compose's loader gives it; `first` is the last part of the first address."""
    out = {}
    for service, s in sorted((project.get('services') or {}).items()):
        title = s.get('container_name') or f'{name}-{service}-1'
        key = hashlib.sha256(f'{name}/{service}'.encode()).hexdigest()
        ports = {f'{p}' if '/' in str(p) else f'{p}/tcp': None for p in s.get('expose') or []}
        for p in s.get('ports') or []:
            ports[f"{p['target']}/{p.get('protocol', 'tcp')}"] = [
                {'HostIp': p.get('host_ip', '0.0.0.0'), 'HostPort': str(p.get('published', ''))}]
        networks = {}
        for net in sorted(s.get('networks') or {}):
            real = ((project.get('networks') or {}).get(net) or {}).get('name') or f'{name}_{net}'
            networks[real] = {'NetworkID': hashlib.sha256(real.encode()).hexdigest(), 'IPAddress': f'{block}.{first}',
                              'GlobalIPv6Address': ''}
            first += 1
        labels = {k: v or '' for k, v in (s.get('labels') or {}).items()}
        labels.update({'com.docker.compose.project': name, 'com.docker.compose.service': service})
        mode = s.get('network_mode') or next(iter(networks), 'default')
        out[key] = {'Id': key, 'Name': '/' + title, 'State': {'Status': 'running', 'Running': True},
                    'Config': {'Labels': labels}, 'HostConfig': {'NetworkMode': mode},
                    'NetworkSettings': {'Ports': ports, 'Networks': networks}}
    return out


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def address_string(self):
        return 'socket'

    def log_message(self, *_):
        pass

    def reply(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header('Api-Version', VERSION)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def do_HEAD(self):
        self.reply('OK')

    def do_GET(self):
        path = re.sub(r'^/v[\d.]+', '', self.path.partition('?')[0])
        containers = self.server.containers
        one = re.fullmatch(r'/containers/([^/]+)/json', path)
        if path == '/_ping':
            self.reply('OK')
        elif path == '/version':
            self.reply({'Version': '29.0.0', 'ApiVersion': VERSION, 'MinAPIVersion': '1.40', 'Os': 'linux', 'Arch': 'amd64'})
        elif path == '/containers/json':
            self.reply([{'Id': key} for key in containers])
        elif one and one.group(1) in containers:
            self.reply(containers[one.group(1)])
        elif path == '/events':
            # The provider waits for the head alone; nothing ever happens here.
            self.send_response(200)
            self.send_header('Content-Type', 'application/json')
            self.send_header('Transfer-Encoding', 'chunked')
            self.end_headers()
            self.wfile.flush()
            self.server.over.wait()
            self.close_connection = True
        else:
            self.reply({'message': 'no such object'}, 404)


class DockerAPI(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def __init__(self, path, containers):
        super().__init__(path, Handler)
        self.containers, self.over = containers, threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def get_request(self):
        request, _ = super().get_request()
        return request, ('socket', 0)

    def close(self):
        self.over.set()
        self.shutdown()
        self.server_close()
