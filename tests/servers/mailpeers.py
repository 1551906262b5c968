"""mailpeers.py - a Postfix and a Dovecot of our own, on ports chosen at run time."""
import os
import pwd
import shutil
import subprocess

from peers import HOST, Server, free_port

NAME = "mail.example.test"

DOVECOT = """protocols = imap pop3
listen = {host}
base_dir = {d}/run
state_dir = {d}/state
log_path = /dev/stderr
ssl = {ssl}
ssl_cert = <{d}/cert.pem
ssl_key = <{d}/key.pem
disable_plaintext_auth = {plain}
auth_mechanisms = {mechanisms}
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
{more}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = {pop3s}
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {d}/users
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={d}/home
}}
"""

MAIN_CF = """compatibility_level = 3.6
queue_directory = {d}/queue
data_directory = {d}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = {name}
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
alias_database =
maillog_file = /dev/stdout
maillog_file_prefixes = /dev
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_sasl_type = cyrus
smtpd_sasl_path = smtpd
smtpd_sasl_security_options = noanonymous
{more}
"""

MASTER_CF = """{host}:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
error unix - - n - - error
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


def keypair(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder + "/key.pem",
                    "-out", folder + "/cert.pem", "-subj", "/CN=" + NAME, "-days", "30",
                    "-addext", "subjectAltName=DNS:" + NAME], check=True, capture_output=True)


def dovecot(binary, folder, tls="yes", plain="yes", mechanisms="plain login", more=""):
    os.makedirs(folder)
    for name in ("run", "state", "home"):
        os.makedirs(os.path.join(folder, name))
    for name in ("cert.pem", "key.pem"):
        shutil.copy(os.path.join(os.path.dirname(folder), name), folder)
    with open(folder + "/users", "w", encoding="ascii") as f:
        f.write("someone:{PLAIN}something\n")
    ports = {name: free_port() for name in ("imap", "imaps", "pop3", "pop3s")}
    with open(folder + "/dovecot.conf", "w", encoding="ascii") as f:
        f.write(DOVECOT.format(d=folder, host=HOST, ssl=tls, plain=plain, mechanisms=mechanisms, more=more, **ports))
    return ports, Server([binary, "-F", "-c", folder + "/dovecot.conf"], ports["imap"], folder + "/log")


def postfix(master, folder, **settings):
    os.makedirs(folder)
    for name in ("cert.pem", "key.pem"):
        shutil.copy(os.path.join(os.path.dirname(folder), name), folder)
    port = free_port()
    cert = settings.pop("smtpd_tls_cert_file", folder + "/cert.pem")
    key = settings.pop("smtpd_tls_key_file", folder + "/key.pem")
    more = "\n".join("%s = %s" % item for item in settings.items())
    with open(folder + "/main.cf", "w", encoding="ascii") as f:
        f.write(MAIN_CF.format(d=folder, name=NAME, cert=cert, key=key, more=more))
    with open(folder + "/master.cf", "w", encoding="ascii") as f:
        f.write(MASTER_CF.format(host=HOST, port=port))
    owner = pwd.getpwnam("postfix")
    for name in ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "maildrop",
                 "pid", "private", "public", "saved", "trace"):
        os.makedirs(os.path.join(folder, "queue", name))
        os.chown(os.path.join(folder, "queue", name), 0 if name == "pid" else owner.pw_uid, owner.pw_gid)
    os.makedirs(folder + "/data")
    os.chown(folder + "/data", owner.pw_uid, owner.pw_gid)
    os.chmod(folder, 0o755)
    return port, Server([master, "-c", folder, "-d"], port, folder + "/log")
