"""How names, phones and document numbers are shown: enough to recognise one's own, not enough to use."""


def masked_name(name: str) -> str:
    """王秀兰 as 王*兰, 李雷 as 李*, Anna Maria Schmidt as A*** M*** S***."""
    name = name.strip()
    if name.isascii():
        return " ".join(part[0] + "***" for part in name.split())
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_number(number: str) -> str:
    """A document number with its last four characters only: **************4321."""
    if len(number) <= 4:
        return "*" * len(number)
    return "*" * (len(number) - 4) + number[-4:]


def masked_phone(phone: str) -> str:
    """An E.164 phone: +8613812346621 as 138****6621, a foreign one as +49*******221."""
    if phone.startswith("+86") and len(phone) == 14:
        return f"{phone[3:6]}****{phone[-4:]}"
    return phone[:3] + "*" * max(len(phone) - 6, 0) + phone[-3:]


def masked_email(email: str) -> str:
    """anna.schmidt@example.org as a***@example.org."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}***@{domain}"


def masked_receiver(receiver: str) -> str:
    """A phone or an e-mail address, masked."""
    return masked_email(receiver) if "@" in receiver else masked_phone(receiver)
