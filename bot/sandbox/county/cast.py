"""Who lives in the sample county: by a short name for the command line, with a word of who each is."""

from dataclasses import dataclass

ADMIN, AUDITOR, STRANGER, CHILD, GUARDIAN, BLOCKER = "dong", "shen", "wei", "dou", "fang", "bing"


@dataclass(frozen=True)
class Part:
    """One of the cast: a first name on Telegram, who that is in Chinese and English, and the language spoken."""

    name: str
    about: str
    about_en: str
    language: str = "zh-hans"
    # Hours of the day, from and to.
    quiet: tuple[int, int] | None = None
    # False for whoever has never pressed Start.
    is_here: bool = True
    sits: bool = False


CAST = {
    "ming": Part("小明", "居民，什么都想试试", "resident, tries everything once"),
    "hua": Part("小花", "居民，青年说事成员", "resident, sits in the youth council", sits=True),
    "lan": Part("小兰", "组长：舞蹈团、瑜伽社、广场舞队", "leads dance, yoga and square dance"),
    ADMIN: Part("东哥", "县管理员", "county admin"),
    AUDITOR: Part("沈姐", "监督员：什么都看得到，什么都不改", "auditor: sees everything, changes nothing"),
    GUARDIAN: Part("方姐", "小豆的妈妈，监护人", "Dou's mother and guardian"),
    CHILD: Part("小豆", "11 岁，未满 14 岁，还没点过“开始”", "11 years old, a minor; never pressed Start", is_here=False),
    STRANGER: Part("阿伟", "陌生人，还没点过“开始”", "a stranger who never pressed Start", is_here=False),
    "tom": Part("Tom", "外教，说英语", "teaches English, speaks English", language="en"),
    "ning": Part("阿宁", "夜班护士，白天免打扰", "night nurse, quiet hours by day", quiet=(8, 16)),
    BLOCKER: Part("阿冰", "屏蔽了机器人", "has blocked the bot"),
    "zhou": Part("老周", "组长：书法社、国画社、棋友会", "leads calligraphy, painting and chess"),
    "shan": Part("大山", "组长：羽毛球队、篮球队、足球队", "leads badminton, basketball and football"),
    "mei": Part("小梅", "组长：合唱团、民乐团、吉他社；关爱分会", "leads choir, folk music and guitar; the care branch", sits=True),
    "yu": Part(
        "小雨", "组长：读书会、朗诵社、写作社；晚十点后免打扰", "leads books, recital and writing; quiet at night",
        quiet=(22, 8), sits=True,
    ),
    "jie": Part("阿杰", "组长：徒步队、骑行队、登山队", "leads hiking, cycling and climbing"),
    "qin": Part("秦姐", "组长：手工坊、剪纸社、汉服社；服务台店员", "leads crafts, paper cutting and hanfu; clerk at the counter"),
    "tao": Part("阿涛", "组长：摄影社、短视频社、电影社", "leads photography, short video and film", sits=True),
    "xin": Part("小欣", "组长：烘焙社、厨艺社、茶艺社；书屋店员", "leads baking, cooking and tea; clerk at the bookshop"),
    "peng": Part("大鹏", "组长：志愿讲解队、文物寻访队、方言社；县青年志愿者协会", "leads guides, heritage walks and dialect; the volunteers' association", sits=True),
    "lei": Part("小磊", "组长：编程社、机器人社、航模社；县职业教育中心", "leads coding, robots and model planes; the vocational school"),
    "yan": Part("小燕", "组长：英语角、话剧社、相声社；县一中", "leads English corner, drama and comedy; the No. 1 school"),
    "lin": Part("小林", "组长：园艺社、观鸟队、护河队；环保分会", "leads gardening, birds and the river watch; the green branch"),
    "he": Part("阿和", "组长：跑团、乒乓球队、太极社；应急分会", "leads running, table tennis and tai chi; the emergency branch"),
    "jing": Part("静静", "组长：亲子社、支教队；助学分会", "leads families and homework help; the tutoring branch", sits=True),
    "bo": Part("阿波", "组长：急救队", "leads first aid"),
}  # fmt: skip
RESIDENT = {"zh": "居民", "en": "resident"}
SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = [
    "子涵",
    "雨桐",
    "浩然",
    "思远",
    "欣怡",
    "宇轩",
    "梓萱",
    "佳琪",
    "晨曦",
    "俊杰",
    "诗雨",
    "文博",
    "静怡",
    "志强",
    "晓东",
    "婷婷",
    "建国",
    "丽娟",
    "海燕",
    "国强",
    "春梅",
    "小龙",
    "雪梅",
    "明辉",
    "玉兰",
    "振华",
    "秀英",
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "杰",
    "涛",
    "超",
    "霞",
    "平",
    "刚",
    "辉",
    "玲",
    "桂芳",
    "晓雯",
    "嘉怡",
    "一鸣",
    "天佑",
    "若曦",
    "安然",
    "可欣",
    "书瑶",
    "博文",
    "泽宇",
    "立新",
    "爱民",
    "卫东",
    "红梅",
]


def passer_by(number: int) -> str:
    """The name of resident `number`, as people bear them; namesakes are some thousands apart."""
    given = (number * 7 + number // len(SURNAMES)) % len(GIVEN)
    return SURNAMES[number % len(SURNAMES)] + GIVEN[given]
