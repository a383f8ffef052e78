"""Each channel asks its gateway as the gateway wants to be asked, and a failure names nobody."""

import json
import logging
import socket

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from accounts import channels
from accounts.channels import NotSent, Outgoing, aliyun, posting, tencent
from booking.models.message import MessageKind

PHONE = "+8613812346621"


def outgoing(to=PHONE, language="zh-hans", **more):
    facts = {"code": "123456", "minutes": "5"}
    return Outgoing(to, "code", "验证码 123456", "code:7", language, facts, **{"subject": "登录验证码", **more})


def test_the_citys_own_gateway_gets_json_with_the_token_and_the_key(gateway):
    channels.send(outgoing())

    [posted] = gateway.posted
    assert posted.json == {
        "to": PHONE,
        "text": "验证码 123456",
        "kind": "code",
        "language": "zh-hans",
        "key": "code:7",
        "facts": {"code": "123456", "minutes": "5"},
    }
    assert (posted.headers["Authorization"], posted.headers["Idempotency-Key"]) == ("Bearer gateway-token", "code:7")


def test_alibabas_gateway_gets_a_signed_form_and_nothing_in_the_address(gateway, settings):
    settings.SMS_CHANNEL, gateway.answer = "aliyun", b'{"Code": "OK", "Message": "OK"}'

    channels.send(outgoing())

    [posted] = gateway.posted
    form = posted.form
    assert posted.path == "/"
    assert form.pop("Signature") == aliyun.signature("POST", form, "secret")
    assert (form["Action"], form["Version"], form["PhoneNumbers"]) == ("SendSms", "2017-05-25", "13812346621")
    assert (form["SignName"], form["TemplateCode"]) == ("长沙疫苗", "SMS_1")
    assert json.loads(form["TemplateParam"]) == {"code": "123456", "minutes": "5"}


def test_alibabas_gateway_gets_a_number_from_elsewhere_with_its_country(gateway, settings):
    settings.SMS_CHANNEL, gateway.answer = "aliyun", b'{"Code": "OK"}'

    channels.send(outgoing("+85291234567", language="en"))

    form = gateway.posted[0].form
    assert (form["PhoneNumbers"], form["TemplateCode"]) == ("85291234567", "SMS_2")


def test_the_signature_is_the_one_of_alibabas_published_example():
    parameters = {
        "AccessKeyId": "testId", "Action": "SendSms", "Format": "XML", "OutId": "123", "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou", "SignName": "阿里云短信测试专用", "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466", "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007", "TemplateParam": '{"customer":"test"}', "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }  # fmt: skip

    assert aliyun.signature("GET", parameters, "testSecret") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_tencents_gateway_gets_signed_json(gateway, settings):
    settings.SMS_CHANNEL = "tencent"
    gateway.answer = b'{"Response": {"SendStatusSet": [{"Code": "Ok"}]}}'

    channels.send(outgoing())

    [posted] = gateway.posted
    assert posted.json == {
        "PhoneNumberSet": [PHONE],
        "SmsSdkAppId": "1400006666",
        "SignName": "长沙疫苗",
        "TemplateId": "SMS_1",
        "TemplateParamSet": ["123456", "5"],
    }
    headers = posted.headers
    assert (headers["X-TC-Action"], headers["X-TC-Version"]) == ("SendSms", "2021-01-11")
    assert headers["Authorization"] == tencent.authorization(
        key_id="key-id",
        secret="secret",
        service="sms",
        host=headers["Host"],
        body=posted.body,
        timestamp=int(headers["X-TC-Timestamp"]),
    )


def test_the_signature_is_the_one_of_tencents_published_example():
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'

    said = tencent.authorization(
        key_id="AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE",
        secret="Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
        service="cvm",
        host="cvm.tencentcloudapi.com",
        body=body,
        timestamp=1551113065,
    )

    assert said == (
        "TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, "
        "Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
    )


@pytest.mark.parametrize(
    ("channel", "status", "answer", "reason"),
    [
        ("http", 500, b"no", "500"),
        ("http", 302, b"", "302"),
        ("aliyun", 200, b'{"Code": "isv.BUSINESS_LIMIT_CONTROL"}', "isv.BUSINESS_LIMIT_CONTROL"),
        ("aliyun", 200, b'{"Code": "+8613812346621 is blocked"}', "refused"),
        ("aliyun", 502, b"<html>", "502"),
        ("aliyun", 200, b"[]", "200"),
        ("tencent", 200, b'{"Response": {"Error": {"Code": "AuthFailure"}}}', "AuthFailure"),
        (
            "tencent",
            200,
            b'{"Response": {"SendStatusSet": [{"Code": "FailedOperation.X", "Message": "+8613812346621"}]}}',
            "FailedOperation.X",
        ),
        ("tencent", 200, b'{"Response": {"SendStatusSet": []}}', "unreadable"),
    ],
)
def test_a_gateway_that_refuses_is_named_by_its_code_only(
    gateway, settings, caplog, capfd, channel, status, answer, reason
):
    caplog.set_level(logging.DEBUG)
    settings.SMS_CHANNEL, gateway.status, gateway.answer = channel, status, answer
    # Whoever follows this would post the number to somebody else.
    gateway.headers = {"Location": gateway.url + "elsewhere"}

    with pytest.raises(NotSent) as refused:
        channels.send(outgoing())

    assert str(refused.value) == reason
    assert len(gateway.posted) == 1
    written = caplog.text + "".join(capfd.readouterr()) + repr(refused.value)
    assert "13812346621" not in written
    assert "123456" not in written


@pytest.mark.parametrize("channel", ["http", "aliyun", "tencent"])
def test_a_gateway_that_is_not_there_is_not_waited_for(gateway, settings, caplog, channel):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.SMS = {**settings.SMS, "url": f"http://127.0.0.1:{nobody.getsockname()[1]}/"}
        settings.SMS_CHANNEL = channel

        with pytest.raises(NotSent) as refused:
            channels.send(outgoing())

    assert refused.value.reason == "ConnectionError"
    assert refused.value.__cause__ is None
    assert "13812346621" not in caplog.text


def test_a_gateway_that_never_answers_is_given_up(gateway, settings, monkeypatch):
    monkeypatch.setattr(posting, "TIMEOUT", (0.2, 0.2))
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        settings.SMS = {**settings.SMS, "url": f"http://127.0.0.1:{silent.getsockname()[1]}/"}

        with pytest.raises(NotSent, match="ReadTimeout"):
            channels.send(outgoing())


def test_a_message_without_an_approved_template_is_not_sent(gateway, settings):
    settings.SMS_CHANNEL = "aliyun"

    with pytest.raises(NotSent, match="no template for moved"):
        channels.send(Outgoing(PHONE, "moved", "", "k"))
    assert gateway.posted == []


def test_an_email_address_gets_an_email(gateway, settings):
    settings.EMAIL_HOST = "mail.example"

    channels.send(outgoing("anna@example.org"))

    [sent] = mail.outbox
    assert (sent.to, sent.subject, sent.body) == (["anna@example.org"], "登录验证码", "验证码 123456")
    assert gateway.posted == []


def test_a_mail_server_that_fails_is_told_without_the_address(settings, monkeypatch):
    settings.EMAIL_HOST = "mail.example"

    def down(self, messages):
        raise ConnectionRefusedError("anna@example.org")

    monkeypatch.setattr(EmailBackend, "send_messages", down)

    with pytest.raises(NotSent) as refused:
        channels.send(outgoing("anna@example.org"))
    assert str(refused.value) == "ConnectionRefusedError"


def test_the_console_shows_texts_in_a_demonstration_only_and_receivers_never(settings, capfd):
    channels.send(outgoing())
    settings.DEMONSTRATION = False
    channels.send(outgoing("anna@example.org"))

    shown = capfd.readouterr().out.splitlines()
    assert shown == ["SMS 138****6621 [code] 验证码 123456", "SMS a***@example.org [code] …"]


def test_what_is_handed_to_a_channel_shows_nobody_in_its_repr():
    assert PHONE not in repr(outgoing())
    assert "123456" not in repr(outgoing())


@pytest.mark.parametrize("kind", ["code", "new_device", *(kind.lower() for kind in MessageKind.values)])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_message_is_written_in_both_languages(kind, language):
    text = channels.written(kind, language, {})

    assert text.startswith("Changsha Vaccines" if language == "en" else "【长沙疫苗】")
