"""Tags in transcripts act on what is heard."""

import numpy as np
import pytest
from recogniser import transcribe

BRUNO = "694f9389-aac1-45b6-b726-9d9369183238"
FIRST = "A heron waited beside the wide river until dawn."
SECOND = "Fresh bread and cold milk make a simple breakfast."
GERMAN = "Guten Morgen, die Sonne scheint heute."


def loudness(samples):
    return float(np.sqrt(np.mean(samples**2)))


def refusal(response):
    assert response.status_code == 400, response.text
    return response.json()["message"]


@pytest.mark.parametrize("ratio", [0.6, 0.8, 1.3, 1.5])
@pytest.mark.parametrize(("language", "texts"), [("en", (FIRST, SECOND)), ("de", (GERMAN, GERMAN))])
def test_speed_from_a_place_on(api, language, texts, ratio):
    first, second = (len(api.hear(text, language=language)) for text in texts)
    both = api.hear(f'{texts[0]}<speed ratio="{ratio}"/>{texts[1]}', language=language)
    assert len(both) - first == pytest.approx(second / ratio, rel=0.05)


def test_speed_lasts_until_the_next_tag_and_pauses_follow_it(api):
    plain = len(api.hear(FIRST))
    marked_up = f'<speed ratio="0.8"/>{FIRST}<break time="2s"/><speed ratio="1.0"/>{FIRST}'
    assert len(api.hear(marked_up)) == pytest.approx(plain / 0.8 + 2 * 24000 / 0.8 + plain, rel=0.02)


def test_a_tag_and_the_request_multiply(api):
    plain = api.hear(FIRST)
    config = {"speed": 1.25, "volume": 1.5}
    both = api.hear(f'<speed ratio="0.8"/><volume ratio="0.5"/>{FIRST}', generation_config=config)
    assert len(both) == pytest.approx(len(plain), rel=0.02)
    assert loudness(both) == pytest.approx(0.75 * loudness(plain), rel=0.05)
    pause = api.hear(f'{FIRST}<break time="3s"/>', generation_config={"speed": 1.5})
    assert len(pause) == pytest.approx((len(plain) + 3 * 24000) / 1.5, rel=0.02)


@pytest.mark.parametrize("ratio", [0.5, 1.5, 2.0])
def test_volume_from_a_place_on(api, ratio):
    plain = api.hear(FIRST)
    both = api.hear(f'{FIRST}<volume ratio="{ratio}"/>{FIRST}')
    assert len(both) == pytest.approx(2 * len(plain), rel=0.02)
    first, second = np.array_split(both, 2)
    assert loudness(first) == pytest.approx(loudness(plain), rel=0.05)
    assert loudness(second) == pytest.approx(ratio * loudness(plain), rel=0.05)


def test_older_models_take_these_tags_out(api):
    plain = api.hear(FIRST)
    tagged = api.hear(f'<speed ratio="0.6"/><volume ratio="9"/>{FIRST}', model_id="sonic-2")
    assert len(tagged) == len(plain)
    assert loudness(tagged) == pytest.approx(loudness(plain), rel=0.01)


def test_wrong_ratios_name_the_range(api):
    assert "from 0.6 to 1.5" in refusal(api.speak('<speed ratio="1.6"/>Hello.'))
    assert "from 0.5 to 2.0" in refusal(api.speak('<volume ratio="0.4"/>Hello.'))
    assert "ratio=" in refusal(api.speak("<volume/>Hello."))
    assert "500ms" in refusal(api.speak("Hello.<break/>"))


@pytest.mark.parametrize("voice", [None, BRUNO])
def test_spelled_words_are_said_letter_by_letter(api, voice):
    options = {"voice": voice} if voice else {}
    heard = transcribe(api.hear("Your code is <spell>XJ47</spell>, thank you.", **options), 24000)
    letters = heard.lower().replace("seven", "7").replace("four", "4")
    assert "xj47" in "".join(filter(str.isalnum, letters))
    plain = len(api.hear("Radio.", language="de"))
    assert len(api.hear("<spell>Radio</spell>.", language="de")) > 1.5 * plain


def test_emotions_are_taken_out(api):
    tagged = f'<emotion value="angry"/>{FIRST}'
    assert len(api.hear(tagged)) == len(api.hear(FIRST))
    assert transcribe(api.hear(tagged), 24000) == transcribe(api.hear(FIRST), 24000)
