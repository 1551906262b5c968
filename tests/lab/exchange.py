"""What an Exchange server's build and names imply, and its generated bodies.

The bases (base/*.profile) write the heads; this file gives them their
variables and the bodies that would be tedious to write by hand.
"""

import random

# First build of each CU that names itself on 401 answers: the July 2021 SU.
JULY_2021 = {(15, 0, 1497): 23, (15, 1, 2242): 12, (15, 1, 2308): 14,
             (15, 2, 858): 15, (15, 2, 922): 13}
FIRST_CU_AFTER = {(15, 0): 1498, (15, 1): 2375, (15, 2): 986}


def parts(build):
    return tuple(int(p) for p in build.split("."))


def since_july_2021(build):
    p = parts(build)
    if len(p) < 4 or p[0] < 15:
        return False
    if p[:3] in JULY_2021:
        return p[3] >= JULY_2021[p[:3]]
    return p[2] >= FIRST_CU_AFTER.get(p[:2], 0)


def padded(build):
    """15.2.1748.39 as MAPI writes it: 15.02.1748.039."""
    p = parts(build)
    return "%02d.%02d.%04d.%03d" % (p + (0,) * 4)[:4]


def variables(server):
    """Derived variables; a key of [server] always wins."""
    out = {k: v for k, v in server.items() if isinstance(v, str)}
    build = out.get("build", "")
    if build:
        p = build.split(".")
        generation = ".".join(p[:2])
        four_part_path = p[0] in ("8", "14")
        shown = out.get("shown_build", build)
        out.setdefault("shown_build", shown)
        out.setdefault("path_build", build if four_part_path else ".".join(p[:3]))
        out.setdefault("manifest_build", build)
        out.setdefault("padded_build", padded(build))
        out.setdefault("eas_version", generation)
        where = out.get("owa_version_on")
        if where is None:
            if four_part_path:
                where = "owa logon service"
            elif since_july_2021(build):
                where = "owa logon service auth"
            else:
                where = "logon service"
        for place in ("owa", "logon", "service", "auth"):
            out["v_" + place] = shown if place in where.split() else ""
    return out


def _padding(seed, size):
    """Style rules like those inside the real page: compressible, never the same."""
    rng = random.Random(seed)
    words = ["signInBg", "logonContainer", "headerMsg", "mouse", "tnarrow", "twide",
             "signInTextHeader", "hidden-submit", "disBsc", "mobile", "officeFooter"]
    out, length = [], 0
    while length < size:
        line = ".%s_%d { left: %dpx; top: %dpx; font-family: 'wf_segoe-ui_normal', Arial; }\r\n" % (
            rng.choice(words), rng.randrange(1000), rng.randrange(1000), rng.randrange(1000))
        out.append(line)
        length += len(line)
    return "".join(out)


def logon_2013(v):
    """The log-on page of 2013 and later: about 58 KB, three parts in its paths."""
    folder = "/owa/auth/%s/themes/resources" % v["path_build"]
    head = (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN">\r\n'
        "<!-- Copyright (c) 2011 Microsoft Corporation.  All rights reserved. -->\r\n"
        "<!-- OwaPage = ASP.auth_logon_aspx -->\r\n\r\n"
        "<!-- {57A118C6-2DA9-419d-BE9A-F92B0F9A418B} -->\r\n"
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN"> \r\n'
        "<html>\r\n<head>\r\n"
        '<meta http-equiv="X-UA-Compatible" content="IE=10" />\r\n'
        '<link rel="shortcut icon" href="%s/favicon.ico" type="image/x-icon">\r\n'
        '<meta http-equiv="Content-Type" content="text/html; CHARSET=utf-8">\r\n'
        '<meta name="Robots" content="NOINDEX, NOFOLLOW">\r\n'
        "<title>%s</title>\r\n" % (folder, v.get("title", "Outlook")))
    tail = (
        "</style>\r\n"
        "<script type=\"text/javascript\">\r\n"
        "var mainLogonDiv = window.document.getElementById(\"mainLogonDiv\");\r\n"
        "</script>\r\n</head>\r\n"
        '<body class="signInBg" onload="">\r\n'
        '<form action="/owa/auth.owa" method="POST" name="logonForm" autocomplete="off">\r\n'
        '<input type="hidden" name="destination" value="https://%s/owa/" />\r\n'
        '<input type="hidden" name="flags" value="4" />\r\n'
        '<img class="mouseHeader" src="%s/owa_text_blue.png" alt="Outlook" />\r\n'
        '<input id="username" name="username" class="signInInputText" />\r\n'
        '<input id="password" name="password" type="password" class="signInInputText" />\r\n'
        "</form>\r\n</body>\r\n</html>\r\n" % (v["hostname"], folder))
    style = "<style>\r\n" + _padding(v["path_build"], 58711 - len(head) - len(tail) - 120)
    return (head + style + tail).encode()


def logon_2010(v):
    """2007 and 2010: four parts in the folder, an older title."""
    folder = "/owa/%s/themes/base" % v["path_build"]
    title = v.get("title", "Outlook Web App")
    return ("<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\">\r\n"
            "<!-- Copyright (c) 2006 Microsoft Corporation.  All rights reserved. -->\r\n"
            "<!-- OwaPage = ASP.auth_logon_aspx -->\r\n\r\n"
            "<!-- {57A118C6-2DA9-419d-BE9A-F92B0F9A418B} -->\r\n"
            "<html dir=\"ltr\">\r\n<head>\r\n"
            "<meta http-equiv=\"Content-Type\" content=\"text/html; CHARSET=utf-8\">\r\n"
            "<meta name=\"Robots\" content=\"NOINDEX, NOFOLLOW\">\r\n"
            "<link rel=\"shortcut icon\" href=\"%s/favicon.ico\" type=\"image/x-icon\">\r\n"
            "<link type=\"text/css\" rel=\"stylesheet\" href=\"%s/logon.css\">\r\n"
            "<title>%s</title>\r\n"
            "<script type=\"text/javascript\" src=\"/owa/%s/scripts/premium/flogon.js\"></script>\r\n"
            "</head>\r\n<body class=\"owaLgnBdy\">\r\n"
            "<form action=\"owaauth.dll\" method=\"POST\" name=\"logonForm\">\r\n%s"
            "</form>\r\n</body>\r\n</html>\r\n" % (
                folder, folder, title, v["path_build"],
                "<!-- %s -->\r\n" % _padding(v["path_build"], 5000))).encode()


def manifest(v):
    """The ClickOnce manifest of the eDiscovery export tool: three identities."""
    build, token = v["manifest_build"], "1f16bd4ec4c2bb19"
    name = "microsoft.exchange.ediscovery.exporttool"
    return ("\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n"
            "<asmv1:assembly xsi:schemaLocation=\"urn:schemas-microsoft-com:asm.v1 assembly.adaptive.xsd\""
            " manifestVersion=\"1.0\" xmlns:asmv1=\"urn:schemas-microsoft-com:asm.v1\""
            " xmlns=\"urn:schemas-microsoft-com:asm.v2\" xmlns:as=\"urn:schemas-microsoft-com:asm.v1\""
            " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\r\n"
            "  <assemblyIdentity xmlns=\"urn:schemas-microsoft-com:asm.v1\" name=\"{n}.application\""
            " version=\"{b}\" publicKeyToken=\"{t}\" language=\"neutral\" processorArchitecture=\"msil\"/>\r\n"
            "  <description asmv2:publisher=\"Microsoft Corporation\" xmlns=\"urn:schemas-microsoft-com:asm.v1\""
            " xmlns:asmv2=\"urn:schemas-microsoft-com:asm.v2\"/>\r\n"
            "  <deployment install=\"false\" trustURLParameters=\"true\"/>\r\n"
            "  <dependency>\r\n"
            "    <dependentAssembly dependencyType=\"install\" codebase=\"{n}.exe.manifest\" size=\"12345\">\r\n"
            "      <assemblyIdentity name=\"{n}\" version=\"{b}\" publicKeyToken=\"{t}\" language=\"neutral\""
            " processorArchitecture=\"msil\" type=\"win32\"/>\r\n"
            "    </dependentAssembly>\r\n"
            "  </dependency>\r\n"
            "  <publisherIdentity name=\"CN=Microsoft Corporation\" issuerKeyHash=\"00\">\r\n"
            "    <as:assemblyIdentity xmlns=\"urn:schemas-microsoft-com:asm.v1\" name=\"{n}.application\""
            " version=\"{b}\" publicKeyToken=\"{t}\" language=\"neutral\" processorArchitecture=\"msil\"/>\r\n"
            "  </publisherIdentity>\r\n"
            "</asmv1:assembly>\r\n").format(n=name, b=build, t=token).encode()


IIS_404 = (
    b"<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\""
    b" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">\r\n"
    b"<html xmlns=\"http://www.w3.org/1999/xhtml\">\r\n<head>\r\n"
    b"<meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-1\"/>\r\n"
    b"<title>404 - File or directory not found.</title>\r\n</head>\r\n<body>\r\n"
    b"<div id=\"header\"><h1>Server Error</h1></div>\r\n"
    b"<div id=\"content\">\r\n <div class=\"content-container\"><fieldset>\r\n"
    b"  <h2>404 - File or directory not found.</h2>\r\n"
    b"  <h3>The resource you are looking for might have been removed, had its name changed,"
    b" or is temporarily unavailable.</h3>\r\n"
    b" </fieldset></div>\r\n</div>\r\n</body>\r\n</html>\r\n")

BODIES = {
    "logon-2013": logon_2013,
    "logon-2010": logon_2010,
    "manifest": manifest,
    "iis-404": lambda v: IIS_404,
    "icon": lambda v: b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0" + bytes(1136),
}
