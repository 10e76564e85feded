"""The forty-five interest groups of the sample county: each with a line about it and a leader; some have a limit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Club:
    """An interest group. `capacity` None: as many as like; `chat`: the title of its Telegram group, with `topics`."""

    name: str
    about: str
    leader: str
    capacity: int | None = None
    chat: str = ""
    topics: tuple[str, ...] = ()


CLUBS = (
    Club("舞蹈团", "每周六下午在青年之家排练，零基础也欢迎（Dance, every Saturday）", "lan", 12, "舞蹈团排练群"),
    Club("瑜伽社", "周二、周四晚上，自带垫子，老师免费教", "lan", 10),
    Club("广场舞队", "人民广场，每晚七点半，跟着跳就行", "lan"),
    Club("书法社", "周三晚上一起练字，笔墨自备", "zhou", 15),
    Club("国画社", "梅兰竹菊，从第一笔学起", "zhou"),
    Club("棋友会", "象棋、围棋、五子棋，周日下午开局", "zhou"),
    Club("羽毛球队", "周日上午体育馆，有球拍可借", "shan", 24),
    Club("篮球队", "周五晚上县中操场，缺人就喊", "shan", 20),
    Club("足球队", "周六清晨踢一场，守门员永远紧缺", "shan", 22),
    Club("合唱团", "春节晚会在排练，缺男声", "mei"),
    Club("民乐团", "二胡、笛子、古筝，会一样就来", "mei"),
    Club("吉他社", "三个和弦也能弹一晚上", "mei", 8),
    Club("读书会", "每月一本书，每周一次聊", "yu", 8),
    Club("朗诵社", "把诗念出来，录成声音送给老人和孩子", "yu"),
    Club("写作社", "每周写一千字，互相读，只说真话", "yu"),
    Club("徒步队", "周末走山路，沿途捡垃圾", "jie", 30, "徒步队出发群"),
    Club("骑行队", "沿河骑到古桥，来回四十公里", "jie"),
    Club("登山队", "每月一座山，安全第一", "jie", 15),
    Club("手工坊", "编织、陶泥、旧物改造", "qin", 12),
    Club("剪纸社", "窗花、生肖、福字，过年前最热闹", "qin"),
    Club("汉服社", "花朝、中秋、上元，一起穿出去", "qin"),
    Club("摄影社", "拍县城的一年四季，年底办影展", "tao"),
    Club("短视频社", "拍身边的人和事，有人教剪辑", "tao"),
    Club("电影社", "周五晚上放一部，看完聊聊", "tao", 40),
    Club("烘焙社", "面包、饼干、月饼，材料费平摊", "xin", 10),
    Club("厨艺社", "学做十道家乡菜", "xin", 12),
    Club("茶艺社", "从泡好一杯茶开始", "xin"),
    Club("志愿讲解队", "在县博物馆给游客讲县里的故事", "peng", None, "志愿讲解队", ("排班", "讲解词")),
    Club("文物寻访队", "走村看老房子、老桥、老碑，记下来", "peng"),
    Club("方言社", "跟老人学说家乡话，录音留存", "peng"),
    Club("编程社", "从 Python 开始，做对大家有用的小工具", "lei"),
    Club("机器人社", "带中学生搭机器人，每年参加比赛", "lei", 16),
    Club("航模社", "河滩试飞，周日下午", "lei"),
    Club("英语角", "周四晚上只说英语，Tom 也在（English Corner）", "yan"),
    Club("话剧社", "在排《茶馆》选段，台前幕后都缺人", "yan", 25),
    Club("相声社", "说学逗唱，周末小剧场", "yan"),
    Club("园艺社", "种花、换苗、救植物", "lin"),
    Club("观鸟队", "湿地观鸟，望远镜轮流用", "lin", 12),
    Club("护河队", "每周巡一段河，看见垃圾就捡", "lin"),
    Club("跑团", "清晨六点，环湖五公里", "he"),
    Club("乒乓球队", "社区球桌，输了换人", "he"),
    Club("太极社", "公园东门，早上七点", "he"),
    Club("亲子社", "周末带孩子一起玩，爸爸妈妈轮流当班", "jing"),
    Club("支教队", "周三、周五放学后，陪孩子写作业", "jing", 20),
    Club("急救队", "学会心肺复苏，守在每一场活动旁", "bo", 16),
)
