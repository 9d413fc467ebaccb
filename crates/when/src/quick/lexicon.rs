//! Words that look like a part of a time, a repetition or a date, and words that only resemble them.
//!
//! Does not depend on where in a line a word is.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::grammar::{is_number_word, month_named, weekday_named};

/// Units of a distance, and periods of a repetition.
const UNITS: &str = "second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks wk wks \
    weekend weekends weekday weekdays workday workdays fortnight fortnights month months quarter quarters year years \
    yr yrs decade decades";

/// Words before a unit that count it, besides the numbers.
const COUNTS: &str = "couple few several dozen half hundred thousand many";

const REPEATING: &str = "daily nightly weekly fortnightly biweekly bimonthly monthly quarterly yearly annually hourly \
    weekdays weekends workdays mondays tuesdays wednesdays thursdays fridays saturdays sundays everyday mornings \
    evenings afternoons nights";

/// Words that name an hour, or a part of the day.
const HOURS: &str = "noon midday midnight morning afternoon evening night tonight eod eob cob o'clock o’clock oclock \
    lunchtime dinnertime teatime bedtime breakfast-time sunrise sunset dawn dusk daybreak nightfall";

/// Slang for days: `2moro`.
const SLANG: &str = "2moro 2morrow 2mrw tmw tmoro tmoz tomoz tomoro tommorow tommorrow tomorow wensday wendsday \
    wenesday morrow nite tonite 2nite 2day";

const HOLIDAYS: &str = "christmas xmas easter halloween thanksgiving hanukkah chanukah diwali ramadan eid passover \
    pentecost whitsun epiphany michaelmas candlemas yom rosh purim holi kwanzaa hogmanay juneteenth valentine's \
    valentines";

/// Nouns that make a holiday an adjective: `christmas dinner`.
const FESTIVE: &str = "dinner lunch breakfast party tree trees card cards present presents gift gifts shopping market \
    markets carol carols pudding egg eggs service sale sales decorations lights cake cakes cookies costume costumes \
    parade play concert break holidays sweets candy pumpkin pumpkins jumper jumpers sweater stocking stockings bunny \
    turkey album movie song songs wrapping special";

/// Words after which a name of a day or a month is a date, although it is also another word: `on sat`, `in march`.
const LEADS: &str = "on in next nxt this last by until till from since before after each every of mid early late end \
    due coming";

/// Names of days and months that are often another word: `sat nav`, `sun cream`, `you may`, `call April`.
const HOMONYMS: &str = "mon wed sat sun jan mar may march dec";

/// Days, months and tomorrow in other large languages. Left out are words that English has too: `mars`, `mai`.
const FOREIGN: &str = "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag morgen übermorgen januar \
    jänner februar märz juni juli oktober dezember \
    lundi mardi mercredi jeudi vendredi samedi dimanche demain janvier février fevrier avril juin juillet août \
    septembre octobre novembre décembre decembre \
    lunes martes miércoles miercoles jueves viernes sábado sabado domingo mañana manana enero febrero marzo abril \
    junio julio agosto septiembre setiembre octubre noviembre diciembre \
    lunedì martedì mercoledì giovedì venerdì sabato domenica domani dopodomani gennaio febbraio aprile maggio giugno \
    luglio settembre dicembre \
    segunda-feira terça-feira quarta-feira quinta-feira sexta-feira amanhã janeiro fevereiro março maio junho julho \
    setembro outubro novembro dezembro \
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag januari februari maart augustus \
    poniedziałek wtorek środa środę czwartek piątek sobota sobotę niedziela niedzielę jutro \
    måndag tisdag onsdag torsdag fredag lördag söndag imorgon mandag tirsdag lørdag søndag \
    pazartesi salı çarşamba perşembe cuma cumartesi pazar yarın \
    понедельник вторник среду среда четверг пятницу пятница субботу суббота воскресенье завтра послезавтра \
    понеділок вівторок середа четвер п'ятницю п'ятниця субота неділю неділя завтра \
    heute oggi hoje hoy vandaag aujourd'hui stasera сегодня besok esok कल غدا غداً 내일 월요일 화요일 수요일 목요일 금요일 토요일 일요일";

/// The same in languages that put no space between words.
const FOREIGN_PARTS: [&str; 14] =
    ["明天", "後天", "后天", "明日", "明後日", "星期", "礼拜", "禮拜", "周末", "月曜", "火曜", "水曜", "木曜", "金曜"];

/// Words of which a near miss is probably a typing error. Of most shorter words, a near miss is another word.
const MISTYPED: [&str; 38] = [
    "today",
    "april",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "august",
    "september",
    "october",
    "november",
    "december",
    "tomorrow",
    "tonight",
    "morning",
    "afternoon",
    "evening",
    "midday",
    "midnight",
    "minute",
    "minutes",
    "months",
    "fortnight",
    "weekend",
    "weekday",
    "quarter",
    "twenty",
    "thirty",
    "eleven",
    "twelve",
    "fifteen",
    "christmas",
    "halloween",
    "easter",
];

/// English words and names that are one letter away from a word of `MISTYPED`.
const NOT_MISTYPED: &str = "toady avril sundae sundry augusta auguste moaning mourning corning mooning warning midway middy minuet \
    minuets minuses minuted mouths moths month quartet thirsty twelfth eastern easier master faster caster raster \
    taster eater aster vaster waster ester elven eleventh fifteenth moving evenings mornings afternoons weekends \
    weekdays fortnights quarters augusts easters christmases monthly quartets";

/// What a word looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Look {
    /// A unit of a distance, or a period: `hours`, `week`.
    Unit,
    /// A count before a unit that is not a number: `few`.
    Count,
    /// A repetition: `daily`.
    Repeating,
    /// An hour, or a part of the day.
    Hour,
    Holiday,
    /// A noun that makes a holiday before it an adjective.
    Festive,
    /// A word that makes a date of the name after it: `next`, `in`.
    Lead,
    /// The name of a day or a month that is often another word.
    Homonym,
    /// A day, a month or tomorrow in another language or in slang.
    Foreign,
    /// A word that only resembles a word of time.
    NotMistyped,
    /// A zone that is also a common word: `turkey`.
    ZoneWord,
    /// A short word that only resembles a day, a month or a unit.
    ShortWord,
}

const LISTS: [(Look, &str); 13] = [
    (Look::Unit, UNITS),
    (Look::Count, COUNTS),
    (Look::Repeating, REPEATING),
    (Look::Hour, HOURS),
    (Look::Holiday, HOLIDAYS),
    (Look::Festive, FESTIVE),
    (Look::Lead, LEADS),
    (Look::Homonym, HOMONYMS),
    (Look::Foreign, FOREIGN),
    (Look::Foreign, SLANG),
    (Look::NotMistyped, NOT_MISTYPED),
    (Look::ZoneWord, ZONE_WORDS),
    (Look::ShortWord, SHORT_WORDS),
];

/// What a word looks like: any of the [`Look`]s.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Looks(u16);

impl Looks {
    /// What a word in lower case looks like.
    pub fn of(word: &str) -> Self {
        static WORDS: OnceLock<HashMap<&'static str, Looks>> = OnceLock::new();
        let all = || {
            let mut words: HashMap<&'static str, Looks> = HashMap::new();
            for (look, list) in LISTS {
                list.split_whitespace().for_each(|word| words.entry(word).or_default().0 |= look.bit());
            }
            words
        };
        let known = WORDS.get_or_init(all).get(word).copied().unwrap_or_default();
        let foreign = !word.is_ascii() && FOREIGN_PARTS.iter().any(|part| word.contains(part));
        if foreign { Self(known.0 | Look::Foreign.bit()) } else { known }
    }

    pub fn has(self, look: Look) -> bool {
        self.0 & look.bit() != 0
    }
}

impl Look {
    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// Whether a word looks like this. `word` is in lower case.
pub(super) fn looks_like(look: Look, word: &str) -> bool {
    Looks::of(word).has(look)
}

/// Whether a word counts what follows it: `twenty`, `few`.
pub(super) fn counts(word: &str) -> bool {
    is_number_word(word) || looks_like(Look::Count, word)
}

/// Whether a word names about an hour: `noonish`.
pub(super) fn is_about_an_hour(word: &str) -> bool {
    word.strip_suffix("ish").is_some_and(|hour| looks_like(Look::Hour, hour) || is_number_word(hour))
}

/// English words and abbreviations of a few letters that are one letter away from a day, a month or a unit.
const SHORT_WORDS: &str = "act air an ape app apt arch at auk avg awed ay ban bar bat bay bays bed bin bins bug bun can car cat ci con cot \
    ct cue cues dabs dad dads dais dams day deb deck den dept dew din dins doc don drays drys due dues dug duly dun \
    dune ear eat ed eon esp fan far fat fbi fed fee fem fen fer few fey fez fib fin fins fir fob fours fr fro fry \
    fun fyi gay gays geek geeks gin gins gov gp gran gun hat hay hays hep hour hue hues hug in ins ion jab jag jam \
    jar jaw jay jays jug junk jury jut jute kept kin larch lat lay lays led leek leeks lept lug ma mad main mains \
    mam man mans many map mare mark mars marsh mart mas mat match maw max mayo med meek men mfr mi mid mien miens \
    mil mils min mind minds mine mines mini minis mink minks mint mints minus minx miss mix mkay mo moan mob mod mom \
    monk mono months moo moon mop morn mos mot moth mouth mow mown mug mum my nan nay nays no nod non nor nos not \
    nova now nun oar oat oft on opt ours out owed pan par parch pat pay pays pct peek peeks pep pin pins pours pr pt \
    pug pun qa ques ran rat ray rays red reek reeks rep rue rues rug run rune sa sac sad sag salt sap sate saw sax \
    say says scat sea seat sec sect see seek seeks seep sent septa set sew sex shat shun sin sins sip sit slat slept \
    son sop sot sours spat spun ssn st stat step stun sub sue sues sum sun sung sunk suns sup swat swept tan tar tat \
    tee tees th the tho thou thru thud thug thus thx thy tie ties tin tins toe toes ton tour tours true trues tu tub \
    tube tubes tubs tug tugs tui tun tune tunes tuns tux tuxes ui un van var vat wad wan war way ways we weak web \
    weds wee weed weeds weep weeps weer wees weld wen wend wept wet win wins won yep yon yours zed";

/// Short names, of which a near miss is mistyped only where a day, a month or a unit may be.
const SHORT_DAYS: [&str; 9] = ["mon", "tue", "tues", "wed", "thu", "thur", "fri", "sat", "sun"];
const SHORT_MONTHS: [&str; 16] = [
    "jan", "feb", "mar", "march", "apr", "april", "may", "jun", "june", "jul", "july", "aug", "sep", "sept", "oct",
    "nov",
];
const SHORT_UNITS: [&str; 9] = ["day", "days", "week", "weeks", "hour", "hours", "mins", "min", "month"];

/// Whether a word is probably a mistyped short name of one kind: `fru`.
pub(super) fn is_mistyped_short(word: &str, known: ShortNames) -> bool {
    let names: &[&str] = match known {
        ShortNames::Days => &SHORT_DAYS,
        ShortNames::Months => &SHORT_MONTHS,
        ShortNames::Units => &SHORT_UNITS,
    };
    word.len() <= 6
        && !names.contains(&word)
        && names.iter().any(|name| is_one_edit_away(word, name))
        && !looks_like(Look::ShortWord, word)
}

/// The short names of one kind.
#[derive(Debug, Clone, Copy)]
pub(super) enum ShortNames {
    Days,
    Months,
    Units,
}

pub(super) fn names_day_or_month(word: &str) -> bool {
    weekday_named(word).is_some() || month_named(word).is_some()
}

/// Zones that are also common words, or short names of countries.
const ZONE_WORDS: &str = "acre anchorage astrakhan canary cayenne center central continental cuba east egypt eire factory \
    general iran israel jamaica japan jersey libya met midway mountain muscat navajo nice north oral pacific phoenix \
    poland portugal reunion resolute rio roc rok shanghai singapore south troll turkey universal virgin wake \
    wellington west wet wit yap";

/// Whether a zone in lower case is also a common word, or the short name of a country or a zone.
pub(super) fn is_also_a_word(zone: &str) -> bool {
    zone.len() <= 2 || looks_like(Look::ZoneWord, zone)
}

/// Whether a word is probably a mistyped word of a time.
pub(super) fn is_mistyped(word: &str) -> bool {
    // From `tody` to `thanksgiving` in letters of two bytes.
    (4..=24).contains(&word.len())
        && MISTYPED.iter().any(|known| is_one_edit_away(word, known))
        && !MISTYPED.contains(&word)
        && !looks_like(Look::NotMistyped, word)
        && !looks_like(Look::Repeating, word)
}

/// Whether a word is probably a mistyped `before`, `around` or the like.
pub(super) fn is_mistyped_preposition(word: &str) -> bool {
    let known = ["before", "after", "around", "between", "about", "until"];
    !matches!(word, "round" | "ground" | "bout" | "alter" | "aster" | "abut" | "abort")
        && !known.contains(&word)
        && known.iter().any(|known| is_one_edit_away(word, known))
}

/// Whether two words differ by one letter that is wrong, missing or too many, or by two letters that are swapped.
pub(super) fn is_one_edit_away(one: &str, other: &str) -> bool {
    // One edit leaves the first letter or the last as it was.
    let (a, b) = (one.as_bytes(), other.as_bytes());
    if a.len().abs_diff(b.len()) > 2 || a == b || (a.first() != b.first() && a.last() != b.last()) {
        return false;
    }
    let (one, other) = without_common_ends(one, other);
    let mut letters = (one.chars(), other.chars());
    match (one.chars().count(), other.chars().count()) {
        (0 | 1, 0 | 1) => true,
        (2, 2) => {
            let (first, second) = (letters.0.next(), letters.0.next());
            (second, first) == (letters.1.next(), letters.1.next())
        }
        _ => false,
    }
}

/// The middles of two words, without the beginning and the end that they share.
fn without_common_ends<'w>(one: &'w str, other: &'w str) -> (&'w str, &'w str) {
    let start = one.char_indices().zip(other.chars()).find(|((_, a), b)| a != b);
    let start = start.map_or(one.len().min(other.len()), |((at, _), _)| at);
    let (one, other) = (&one[start..], &other[start..]);
    let shared: usize =
        one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    (&one[..one.len() - shared], &other[..other.len() - shared])
}
