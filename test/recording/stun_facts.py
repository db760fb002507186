"""What tshark reads of the STUN messages and ChannelData in a capture, and what coturn's log says of its sessions."""
import json
import re
import subprocess

CLASSES = {0x000: "request", 0x010: "indication", 0x100: "success", 0x110: "error"}
METHODS = {1: "Binding", 3: "Allocate", 4: "Refresh", 6: "Send", 7: "Data", 8: "CreatePermission", 9: "ChannelBind", 10: "Connect",
           11: "ConnectionBind", 12: "ConnectionAttempt"}
ADDRESSES = {"0x0001": "mapped", "0x0012": "peer", "0x0016": "relayed", "0x0020": "mapped", "0x8020": "mapped", "0x8023": "alternate"}
TEXTS = {"0x0006": ("username", "stun.att.username"), "0x0014": ("realm", "stun.att.realm"), "0x0015": ("nonce", "stun.att.nonce"),
         "0x000d": ("lifetime", "stun.att.lifetime"), "0x000c": ("channel", "stun.att.channelnum"), "0x0024": ("priority", "stun.att.priority"),
         "0x8022": ("software", "stun.att.software")}


def values(tree, name):
    """Every value of a field in a tree of tshark's, in order."""
    if isinstance(tree, list):
        return [one for part in tree for one in values(part, name)]
    if not isinstance(tree, dict):
        return []
    found = []
    for key, value in tree.items():
        if key == name:
            found += [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
        found += values(value, name)
    return found


def one(tree, name):
    found = values(tree, name)
    return found[0] if found else None


def messages(path, decode_as=()):
    """A dictionary for each message, in the order of the capture; those inside ChannelData and indications come after it."""
    command = ["tshark", "-n", "-r", path, "-T", "json", "--no-duplicate-keys", "-Y", "stun", "-J", "frame ip ipv6 udp tcp stun",
               "-o", "udp.check_checksum:FALSE"]
    for rule in decode_as:
        command += ["-d", rule]
    found = []
    for packet in json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout or "[]"):
        layers = packet["_source"]["layers"]
        # What ICMP quotes is not a message.
        if ":icmp" in one(layers["frame"], "frame.protocols"):
            continue
        link = layers.get("ip") or layers.get("ipv6")
        link = link[-1] if isinstance(link, list) else link
        ports = layers.get("udp") or layers.get("tcp")
        ports = ports[-1] if isinstance(ports, list) else ports
        transport = "udp" if "udp" in layers else "tcp"
        base = {
            "packet": int(one(layers["frame"], "frame.number")),
            "seconds": round(float(one(layers["frame"], "frame.time_relative")), 6),
            "transport": transport,
            "from": f'{one(link, "ip.src") or one(link, "ipv6.src")}:{one(ports, transport + ".srcport")}',
            "to": f'{one(link, "ip.dst") or one(link, "ipv6.dst")}:{one(ports, transport + ".dstport")}',
        }
        stuns = layers["stun"]
        for tree in stuns if isinstance(stuns, list) else [stuns]:
            found.append({**base, **message(tree)})
    return found


def message(tree):
    channel = one(tree, "stun.channel")
    if channel is not None:
        return {"channelData": channel, "octets": int(one(tree, "stun.length") or 0)}
    kind = one(tree, "stun.type")
    if kind is None:
        return {"unread": True}
    kind = int(kind, 16)
    method = kind & 0xF | kind >> 1 & 0x70
    said = {"method": METHODS.get(method, method), "class": CLASSES[kind & 0x110], "id": (one(tree, "stun.id") or "").replace(":", "")}
    attributes = tree.get("stun.attributes", {}).get("stun.attribute_tree", [])
    for attribute in attributes if isinstance(attributes, list) else [attributes]:
        name = one(attribute, "stun.att.type")
        if name == "0x0009":
            said["code"] = int(attribute["stun.att.error.class"]) * 100 + int(attribute["stun.att.error"])
            said["reason"] = attribute.get("stun.att.error.reason", "")
        elif name in ADDRESSES:
            host = attribute.get("stun.att.ipv4") or attribute.get("stun.att.ipv6")
            said[ADDRESSES[name]] = f'{host}:{attribute.get("stun.att.port")}'
        elif name in TEXTS:
            said[TEXTS[name][0]] = attribute.get(TEXTS[name][1])
        elif name == "0x0025":
            said["useCandidate"] = True
        elif name in ("0x8029", "0x802a"):
            said["role"] = "controlled" if name == "0x8029" else "controlling"
    said["attributes"] = values(attributes, "stun.att.type")
    return said


def sessions(log):
    """coturn's sessions: what it did for each, as its log has it."""
    found = {}
    for line in open(log, errors="replace"):
        match = re.match(r"\d+: : session (\d+): (.*)", line.strip())
        if not match:
            continue
        session = found.setdefault(match[1], {"session": int(match[1]), "log": []})
        session["log"].append(match[2])
        usage = re.match(r"(peer )?usage: .*?p?rp=(\d+), p?rb=(\d+), p?sp=(\d+), p?sb=(\d+)", match[2])
        if usage:
            name = "toPeers" if usage[1] else "withClient"
            counts = dict(zip(("packetsReceived", "octetsReceived", "packetsSent", "octetsSent"), map(int, usage.groups()[1:])))
            session[name] = {key: session.get(name, {}).get(key, 0) + value for key, value in counts.items()}
    return list(found.values())


def write(path, facts):
    """JSON with one line for each message, session, step: lists of dictionaries are what there is."""
    def lines(value, indent):
        if isinstance(value, dict) and any(isinstance(part, (list, dict)) for part in value.values()) and len(json.dumps(value)) > 160:
            inner = ",\n".join(f"{indent}  {json.dumps(key)}: {lines(part, indent + '  ')}" for key, part in value.items())
            return "{\n" + inner + "\n" + indent + "}"
        if isinstance(value, list) and value and len(json.dumps(value)) > 160:
            return "[\n" + ",\n".join(indent + "  " + lines(part, indent + "  ") for part in value) + "\n" + indent + "]"
        return json.dumps(value, ensure_ascii=False)
    with open(path, "w") as file:
        file.write(lines(facts, "") + "\n")
