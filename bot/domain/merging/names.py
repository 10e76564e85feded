"""Names as they are compared: 王 小明, 王小明 and Wáng's ＷＡＮＧ are one name each, however they are typed."""

import unicodedata

# Each traditional character with its simplified one: those of surnames and of usual given names.
_PAIRS = (
    "張张陳陈劉刘楊杨黃黄趙赵吳吴孫孙馬马羅罗鄭郑謝谢韓韩馮冯鄧邓許许蕭萧蔣蒋葉叶閻阎鍾钟鐘钟盧卢蘇苏賈贾陸陆龍龙萬万錢钱湯汤賴赖龐庞顧顾龔龚嚴严華华麗丽國国偉伟強强"
    "軍军傑杰鳳凤蘭兰榮荣貴贵蓮莲豔艳艷艳紅红靜静潔洁輝辉慶庆學学實实寶宝業业東东書书會会員员聰聪夢梦曉晓樂乐樹树濤涛瑩莹瓊琼環环鋒锋鋼钢銀银鐵铁長长門门開开陽阳雲云"
    "電电順顺頌颂風风飛飞駿骏鵬鹏鴻鸿齊齐義义禮礼貞贞賢贤達达遠远鄒邹郟郏餘余倫伦俠侠億亿愛爱懷怀憲宪應应摯挚時时晉晋暢畅權权歐欧歸归漢汉滿满潤润澤泽熱热燦灿爾尔獻献"
    "瑪玛畢毕眾众禎祯穎颖範范簡简紀纪純纯紹绍終终絲丝經经維维綿绵緒绪緣缘織织繼继聖圣聞闻聯联肅肃膽胆臨临興兴舉举蓋盖藝艺藍蓝衛卫補补覺觉諾诺誠诚詩诗調调論论諸诸譚谭"
    "豐丰賀贺資资賓宾躍跃車车輪轮運运進进鄔邬釗钊鈞钧銘铭錦锦鎮镇鏡镜閔闵閆闫關关隨随雙双難难靈灵韋韦項项須须顏颜願愿養养館馆驗验魯鲁鶴鹤麥麦黨党龜龟壯壮壽寿奮奋寧宁"
    "將将尋寻專专嵐岚帥帅師师幹干廣广彥彦後后從从恆恒戰战揚扬擁拥晝昼極极槍枪歲岁氣气瀟潇灣湾煒炜犖荦"
)
SIMPLIFIED = str.maketrans(dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)))


def folded(name: str) -> str:
    """A name without case, width, spaces and signs, in simplified characters; of a name of signs alone they stay."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(SIMPLIFIED)
    return "".join(each for each in plain if unicodedata.category(each)[0] in "LMN") or plain
