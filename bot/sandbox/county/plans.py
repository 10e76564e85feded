"""What happens in the sample county, day by day around the day on which it is made."""

from dataclasses import dataclass
from enum import Enum

from bot.domain.activities import FIRST_COME, Condition, Kind, Mode, RoleDraft, Terms


class Fate(Enum):
    """What has become of an activity by the day on which the county is made."""

    AS_PLANNED = "as planned"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Plan:
    """An activity. `club` empty: the county's; `hour` None: it is going on now; `places` None: without limit.

    `day` counts from today; with a `weekday` (0 is Monday) it is the next such day away from today. `people` sign up
    by themselves, and so many `others` after them; `absent` are those of `people` who did not come.
    """

    kind: Kind
    club: str
    title: str
    about: str
    place: str
    day: int
    hour: int | None
    hours: int
    places: int | None
    points: int
    people: tuple[str, ...] = ()
    others: int = 0
    weekday: int | None = None
    fate: Fate = Fate.AS_PLANNED
    absent: tuple[str, ...] = ()
    terms: Terms = FIRST_COME


@dataclass(frozen=True)
class Matter:
    """A topic for the council: who proposes it, how many support it, and the outcome once it was talked about."""

    text: str
    proposer: str
    supporters: int
    outcome: str = ""


BY_ROLE = Terms(
    roles=(
        RoleDraft("引导员", 4),
        RoleDraft("急救员", 1, (Condition("training", "急救"),)),
        RoleDraft("司机", 1, (Condition("age", 18),)),
    )
)
BY_LOT = Terms(mode=Mode.LOTTERY)
TASK, EVENT, DONE = Kind.TASK, Kind.EVENT, Fate.CONFIRMED
PAST = (
    Plan(TASK, "护河队", "河边清洁", "带上手套和水", "西桥头", -20, 9, 2, 20, 10, ("ming", "hua", "jie", "tom"), 9, 5, DONE, ("tom",)),
    Plan(TASK, "", "敬老院探访", "陪老人聊天、读报", "城关敬老院", -17, 14, 2, 8, 15, ("hua", "fang", "ming"), 5, None, DONE),
    Plan(TASK, "", "义务植树", "树苗和铁锹现场领，穿耐脏的鞋", "南山坡", -13, 9, 3, None, 20, ("ming", "hua", "ning", "mei", "bing"), 30, 5, DONE, ("bing",)),
    Plan(TASK, "支教队", "陪读辅导", "陪三年级写作业", "城关小学", -11, 16, 2, 6, 10, ("hua", "tom"), 4, 2, DONE),
    Plan(EVENT, "羽毛球队", "周日羽毛球赛", "双打，现场抽签", "体育馆", -8, 9, 3, 16, 0, ("ming", "jie"), 8, 6, DONE),
    Plan(TASK, "志愿讲解队", "博物馆讲解", "上岗前一晚有培训", "县博物馆", -7, 10, 3, 6, 12, ("ming", "yu"), 3, 5, DONE),
    Plan(TASK, "读书会", "图书馆整理", "把还回来的书归位", "县图书馆", -5, 19, 2, 5, 5, ("zhou", "hua"), 3, None, DONE),
    Plan(EVENT, "电影社", "露天电影《城南旧事》", "自带小板凳", "人民广场", -4, 19, 2, None, 0, ("fang", "ming", "tom"), 14, None, DONE),
    Plan(TASK, "急救队", "急救知识进校园", "教学生海姆立克法和心肺复苏", "县一中", -3, 15, 2, 8, 10, ("ning", "hua"), 4, None, DONE),
    Plan(TASK, "徒步队", "山路捡垃圾", "结实的鞋、两个袋子", "北山步道", -2, 8, 3, 12, 10, ("ming", "jie", "shan"), 6),
)  # fmt: skip
NOW = Plan(
    TASK, "急救队", "赛场急救值守", "轮班守在场边，会包扎的优先", "县体育场", 0, None, 4, 6, 10, ("ning", "hua"), 3
)
COMING = (
    Plan(TASK, "护河队", "河边清洁", "带上手套和水", "西桥头", 1, 9, 2, 8, 10, ("ming", "jie"), 4),
    Plan(EVENT, "英语角", "英语之夜", "来说说你的家乡，说错也没关系", "青年之家一楼", 1, 19, 2, 20, 0, ("tom", "ming"), 6),
    Plan(TASK, "", "敬老院探访", "陪老人聊天、读报", "城关敬老院", 2, 14, 2, 4, 15, ("hua", "fang", "ming"), 4),
    Plan(TASK, "读书会", "图书馆整理", "把还回来的书归位", "县图书馆", 3, 19, 2, 4, 5, ("zhou",), 1),
    Plan(EVENT, "话剧社", "《茶馆》公开排练", "坐着看，也可以上台", "文化馆小剧场", 3, 19, 2, 40, 0, ("ming", "fang"), 7, None, Fate.CANCELLED),
    Plan(EVENT, "合唱团", "合唱开放排练", "来听，也来唱", "文化馆二楼", 4, 19, 2, None, 0, ("hua",), 5),
    Plan(TASK, "支教队", "陪读辅导", "陪三年级写作业", "城关小学", 5, 16, 2, 6, 10, ("tom",), 2),
    Plan(EVENT, "羽毛球队", "周日羽毛球赛", "双打，现场抽签", "体育馆", 5, 9, 3, 16, 0, ("jie",), 6, 6),
    Plan(TASK, "", "社区旧衣回收", "分类、打包、装车", "各社区门口", 6, 8, 4, 30, 15, ("ming",), 9),
    Plan(EVENT, "烘焙社", "亲手做面包", "材料费十元，现场交", "青年之家厨房", 7, 14, 3, 8, 0, ("fang", "hua"), 9, 5),
    Plan(TASK, "志愿讲解队", "博物馆讲解", "上岗前一晚有培训", "县博物馆", 8, 10, 3, 6, 12, (), 2, 5),
    Plan(TASK, "急救队", "庙会值守", "引导人流，守在急救点", "城隍庙广场", 9, 9, 5, None, 15, (), 3, terms=BY_ROLE),
    Plan(EVENT, "摄影社", "登塔看日出", "塔上只站得下六个人，抽签决定", "凤凰塔", 11, 6, 2, 6, 0, ("ming", "hua"), 9, terms=BY_LOT),
    Plan(EVENT, "", "青年游园会", "四十五个小组都摆摊，来找你的那一个", "人民公园", 10, 10, 6, None, 0, ("hua", "fang"), 12, 6),
    Plan(EVENT, "摄影社", "县城影展开幕", "一年四季，一百张照片", "文化馆展厅", 13, 10, 2, 60, 0, ("ming",), 5),
)  # fmt: skip
CANCELLED_FOR = "剧场漏水，改期再通知"
TALKED_ABOUT = (
    Matter("西桥路灯坏了三盏", "ming", 14, "已报城管，三盏灯都换好了。"),
    Matter("图书馆晚上能不能开到九点", "hua", 11, "下月起周二、周四开到九点，试行三个月。"),
    Matter("给环湖跑道加饮水点", "he", 6),
)
OPEN_MATTERS = (
    Matter("青年之家周末开放自习室", "hua", 17),
    Matter("老城区多设几个共享单车点", "ming", 9),
    Matter("More signs in English at the bus station", "tom", 3),
    Matter("公园里给孩子修一段滑板道", "fang", 8),
    Matter("夜班公交延长到十一点", "ning", 12),
    Matter("流浪猫绝育，请兽医下乡", "lin", 5),
)
ANNOUNCED = "青年游园会"
RECRUITING = "周六下午三点，青年之家排练厅。没跳过也不要紧，我们从走步教起。"
ANNOUNCING = f"{ANNOUNCED}来了！四十五个小组都摆摊，带上家人，来找你喜欢的那一个。"
