// The words of the sample log. Brand and model names stand as shoppers type them; no real person is named.
#include "index/build/sample_vocabulary.h"

#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace kindred {
namespace {

// category|names, the usual one first|respellings of that one|brands|products (=: other names of the same)|modifiers|
// complements, bought along with it
constexpr absl::string_view kTopics = R"(
3C|藍牙耳機,無線耳機,真無線藍牙耳機|藍芽耳機,藍牙耳麥|sony,jbl,bose,小米,鐵三角,soundcore,beats|airpods pro=airpods pro 2,airpods 4,sony wh-1000xm5=wh1000xm5,jbl wave beam,galaxy buds3|降噪,運動,入耳式,骨傳導,頭戴式,長續航,通話|耳機保護套,耳機收納盒
3C|手機殼,手機保護殼,防摔手機殼|手機壳,手机殼|犀牛盾,uag,spigen,devilcase,imos|iphone 15 保護殼=iphone 15 手機殼,iphone 16 pro 保護殼,iphone 15 pro max 手機殼,s24 ultra 保護殼,pixel 8 手機殼|透明,磁吸,magsafe,皮套,可愛,軟殼,掛繩|螢幕保護貼,鏡頭保護貼,手機掛繩
3C|螢幕保護貼,手機保護貼,玻璃貼|螢幕保護帖,營幕保護貼|imos,犀牛盾,hoda,spigen|iphone 15 保護貼,iphone 16 玻璃貼,ipad 保護貼,s24 保護貼|滿版,防窺,霧面,抗藍光,9h,類紙膜|手機殼,鏡頭貼
3C|筆電,筆記型電腦,電競筆電|筆店,比電,筆記型电脑|asus,acer,msi,lenovo,hp,dell,apple|macbook air m3=macbook air,macbook pro 14,asus zenbook 14,acer swift go,rog zephyrus g14,thinkpad x1 carbon|輕薄,文書,二手,14吋,16吋,i7,rtx4060,學生|筆電包,筆電支架,散熱墊
3C|平板,平板電腦|平版電腦,平板电脑|apple,samsung,小米,lenovo|ipad air=ipad air 6,ipad 10,ipad mini 7,galaxy tab s9,小米平板 6,redmi pad|11吋,繪圖,兒童,二手,256g,wifi 版|apple pencil,觸控筆,平板皮套
3C|行動電源,行充|行動電原,行动电源|小米,anker,羅馬仕,idmix,tcell|magsafe 行動電源,anker maggo,小米行動電源 3,idmix ch06|20000mah,10000mah,自帶線,快充,輕薄,可上飛機|充電線,豆腐頭
3C|充電器,快充頭,豆腐頭|充電氣,充电器|anker,apple,倍思,綠聯,小米|anker 65w,apple 20w 充電器,倍思氮化鎵,綠聯 100w|氮化鎵,type c,65w,30w,多孔,旅行|充電線,type c 線
3C|充電線,type c 線,傳輸線|充電現,充电线|anker,綠聯,倍思,apple|lightning 線=蘋果充電線,usb c to lightning,type c to c 100w|編織,2m,1m,快充,三合一,磁吸|充電器,集線器
3C|滑鼠,無線滑鼠,電競滑鼠|滑屬,鼠標|羅技,雷蛇,rog,微軟,雷柏|mx master 3s=羅技 mx master 3s,g304,g pro x superlight,razer deathadder v3,m331|靜音,藍牙,人體工學,直立,有線,白色|滑鼠墊,鍵盤
3C|鍵盤,機械鍵盤,無線鍵盤|鍵盘,機械建盤|羅技,keychron,ducky,irocks,雷蛇|keychron k2,羅技 k380,mx keys,ducky one 3,k845|青軸,紅軸,茶軸,靜音,藍牙,注音,熱插拔|鍵帽,手托
3C|螢幕,電腦螢幕,電競螢幕|營幕,螢目,屏幕|asus,benq,lg,aoc,viewsonic,dell|benq mobiuz ex2710,lg 27gp850,dell u2723qe,asus proart|27吋,24吋,4k,144hz,曲面,護眼,2k|螢幕支架,螢幕掛燈
3C|顯示卡,顯卡|顯是卡,显卡|asus,msi,技嘉,華碩|rtx 4060=rtx4060,rtx 4070 super,rtx 4090,rx 7800 xt,gtx 1660|8g,16g,白色,雙風扇,二手|電源供應器,機殼
3C|固態硬碟,ssd|固態硬蝶,固太硬碟|三星,美光,wd,金士頓,威剛|990 pro=samsung 990 pro,sn850x,mx500,crucial p3|1tb,2tb,m.2,nvme,外接,sata|硬碟外接盒,散熱片
3C|隨身碟,usb 隨身碟|隨身蝶,隨身牒|sandisk,金士頓,創見,三星|sandisk cz880,dt70,三星 bar plus|128g,64g,256g,type c,雙頭,usb 3.2|記憶卡,讀卡機
3C|記憶卡,microsd,sd 卡|記意卡,内存卡|sandisk,三星,金士頓,創見|sandisk extreme pro,三星 evo plus,switch 記憶卡|128g,256g,512g,u3,v30,行車紀錄器用|讀卡機,隨身碟
3C|行車記錄器,行車紀錄器|行車記錄氣,行车记录仪|mio,70邁,papago,大通,快譯通|mio 856,mivue 798,70mai a810,dod rx900|前後雙鏡頭,機車,4k,夜視,gps,電子後視鏡|記憶卡,行車記錄器支架
3C|智慧手錶,智能手錶,運動手錶|智慧手表,智慧手鏢|apple,garmin,samsung,小米,華為|apple watch se,apple watch ultra 2,garmin forerunner 265,galaxy watch 7,小米手環 9=mi band 9|gps,血壓,女生,兒童,心率,防水|錶帶,手錶保護貼
3C|手機,智慧型手機|手雞,手机|apple,samsung,小米,google,oppo,vivo,asus|iphone 16=蘋果 16,iphone 15 pro max,galaxy s24 ultra=s24 ultra,pixel 8a,redmi note 13,zenfone 10|128g,256g,空機,二手,5g,福利品|手機殼,螢幕保護貼
3C|喇叭,藍牙喇叭,音響|啦叭,喇吧|jbl,marshall,bose,sony,harman kardon|jbl flip 6,marshall emberton,jbl go 4,homepod mini|防水,重低音,家庭劇院,戶外,電腦用|soundbar,喇叭線
3C|印表機,多功能事務機|印錶機,打印机|epson,canon,hp,brother|epson l3250,canon g3770,brother dcp-t520w,hp 相印機|雷射,噴墨,連續供墨,無線,家用,a3|墨水匣,影印紙
3C|墨水匣,碳粉匣|墨水夾,墨水合|hp,canon,epson,brother|hp 680,canon 745,epson 003,tn-1000,hp 107a 碳粉|黑色,彩色,副廠,原廠,xl|影印紙,印表機
3C|相機,微單眼,單眼相機|相雞,像機|sony,canon,fujifilm,nikon,panasonic|sony a7c ii,canon r50,fujifilm x100vi,zv-1,instax mini 12=拍立得 mini 12|二手,vlog,入門,全片幅,防水,復古|相機包,腳架,記憶卡
3C|路由器,wifi 分享器|路由氣,路游器|asus,tp-link,d-link,小米|asus rt-ax88u,deco x50,archer ax73,小米路由器 ax3000|wifi6,mesh,4g,穿牆王,wifi7|網路線,網路交換器
遊戲|switch,任天堂 switch,switch 主機|swich,swtich|任天堂,良值,hori|switch oled,switch lite,switch 2=ns2,pro 手把=switch pro 手把,joy-con|主機,二手,薩爾達,台灣公司貨,白色,同捆|switch 保護貼,switch 收納包,健身環
遊戲|switch 遊戲,ns 遊戲|swich 遊戲,switch 游戏|任天堂,capcom,sega|薩爾達 王國之淚=zelda tears of the kingdom,動物森友會=動森,瑪利歐賽車 8=mario kart 8,寶可夢 朱紫,斯普拉遁 3=splatoon 3,健身環大冒險=ring fit|中文版,二手,兒童,雙人,派對,預購|switch 點數卡,卡帶收納
遊戲|ps5,ps5 主機,playstation 5|p s5,ps 5,PS五|sony,良值|ps5 slim,ps5 pro,dualsense=ps5 手把,ps vr2,ps portal|光碟版,數位版,同捆,二手,白色|ps5 散熱,ps5 充電座,ps5 耳機
遊戲|ps5 遊戲,ps4 遊戲|ps5 游戏,ps5遊系|sony,capcom,卡普空,square enix|艾爾登法環=elden ring,惡靈古堡 4=resident evil 4,戰神 諸神黃昏,最終幻想 7 重生=ff7 rebirth,漫威蜘蛛人 2,黑神話 悟空|中文版,二手,雙人,豪華版,預購|psn 點數卡,ps plus
遊戲|xbox,xbox 主機|x box,xobx|微軟,8bitdo|xbox series x,xbox series s,xbox 手把=xbox 控制器,game pass=xbox game pass|白色,二手,1tb,無線,pc|xbox 充電電池,光環 無限
遊戲|steam deck,掌機,rog ally|steamdeck,掌雞|valve,asus,lenovo|steam deck oled,rog ally x,legion go|512g,1tb,保護殼,收納包,二手|steam 點數卡,擴充底座
遊戲|電競椅,人體工學椅|電競以,电竞椅|dxracer,aerocool,msi,irocks|irocks t28,雷蛇 iskur,msi mag ch130|白色,腰靠,透氣,躺椅,腳踏|椅墊,電競桌
遊戲|電競耳機,耳罩式電競耳機|電竟耳機,电竞耳机|雷蛇,羅技,hyperx,steelseries|hyperx cloud ii,g733,arctis nova 7,雷蛇黑鯊 v2|無線,7.1,麥克風,粉色,ps5 用|耳機架,音效卡
遊戲|樂高,lego|樂膏,楽高|lego|lego 城市,lego 千年鷹,樂高 法拉利,樂高 花束=lego botanical,lego 馬力歐,樂高 哈利波特|大人,積木,收納,限定,小盒|積木收納,積木展示盒
遊戲|鋼彈,公仔,鋼彈模型|剛彈,高達|萬代,bandai,funko,一番賞|鋼彈模型 rg,hg 鋼彈,海賊王公仔,鬼滅之刃 公仔,七龍珠 一番賞|mg,盒玩,景品,限定,組裝|模型漆,展示盒
遊戲|桌遊,桌上遊戲|桌游,卓遊|栢龍,gokids|卡坦島=catan,璀璨寶石,狼人殺,uno,阿瓦隆|雙人,親子,兒童,派對,中文版|卡套,麻將
遊戲|寶可夢卡,ptcg|寶可夢咖,宝可梦卡|pokemon|寶可夢卡 皮卡丘,ptcg 禮盒,寶可夢卡冊|補充包,盒裝,閃卡,繁中|卡套,卡冊
家電|氣炸鍋,氣炸烤箱|氣炸郭,气炸锅,氣咋鍋|飛利浦,philips,科帥,小米,國際牌|飛利浦 hd9252,科帥 af606,小米氣炸鍋 5l|5l,雙層,可視,大容量,不沾,小台|氣炸鍋紙,烘焙紙,氣炸鍋配件
家電|除濕機,清淨除濕機|除溼機,除湿机,除濕雞|國際牌,日立,lg,三菱,大同,聲寶|國際牌 rd-200hh,日立 rd-240hh,lg wd171,三菱 mj-e195|10l,大坪數,靜音,小台,變頻,一級能效|除濕袋,除濕盒
家電|吸塵器,無線吸塵器,手持吸塵器|吸塵氣,吸陳器|dyson,小米,lg,追覓,日立|dyson v12=戴森 v12,dyson v8,lg a9,追覓 v12,小米 g10|車用,塵蟎,靜音,輕量,乾濕兩用|吸塵器濾網,吸塵袋
家電|掃地機器人,掃拖機器人|掃地機,扫地机器人,掃地機企人|石頭,小米,科沃斯,追覓,irobot|石頭 s8,roomba j7,科沃斯 t30,小米掃拖機器人 x20+|自動集塵,掃拖一體,熱風烘乾,寵物毛|掃地機耗材,集塵袋
家電|電風扇,循環扇,dc 扇|電封扇,电风扇,電扇|國際牌,大同,vornado,日立,宜麗特|vornado 533,國際牌 f-s14,小米循環扇,奇美 dc 扇|立扇,靜音,14吋,無線,usb,吊扇|冷風機,風扇清潔
家電|冷氣,變頻冷氣,移動式冷氣|冷器,冷汽|日立,大金,國際牌,格力,聲寶|日立 ras-28,大金 r32,國際牌 cs-lj|分離式,窗型,一對一,冷暖,安裝,5坪|冷氣清洗劑,遙控器
家電|電鍋,電子鍋,大同電鍋|电锅,電過,電郭|大同,象印,虎牌,國際牌|大同電鍋 11人份,象印 np-zac10,虎牌 jbv|6人份,10人份,小台,不鏽鋼,復古綠|蒸架,內鍋
家電|微波爐,烤箱,水波爐|微波盧,微波炉|國際牌,夏普,日立,尚朋堂|國際牌 nn-bs1000,夏普 r-t25,日立 mro-w1000|小台,平台式,大容量,烘焙,蒸烤|耐熱手套,烘焙紙
家電|咖啡機,膠囊咖啡機,義式咖啡機|咖啡雞,咖非機|delonghi,nespresso,飛利浦,breville|delonghi ecam22,nespresso citiz,dolce gusto,飛利浦 ep2220|全自動,半自動,家用,美式,磨豆|咖啡膠囊,咖啡豆,奶泡器
家電|快煮壺,電熱水壺,熱水瓶|快主壺,快煮壶|象印,大同,飛利浦,小米|象印 cd-lpf50,米家電水壺 2,溫控手沖壺|1.7l,溫控,不鏽鋼,雙層,旅行|手沖壺,保溫瓶
家電|洗衣機,滾筒洗衣機,洗脫烘|洗依機,洗衣机|lg,國際牌,日立,聲寶,東元|lg wd-s15,國際牌 na-v150,日立 bd-nx|15kg,直立式,變頻,滾筒,小型|洗衣機清潔劑,洗衣精,防震墊
家電|冰箱,雙門冰箱,小冰箱|冰相,冰廂|lg,國際牌,日立,聲寶,大同|國際牌 nr-b421,日立 rg41b,lg gw-bf|變頻,一級能效,雙門,對開,租屋|冰箱除臭,冰箱收納
家電|空氣清淨機,清淨機|空氣清靜機,空气净化器|honeywell,coway,小米,dyson,夏普|coway ap-1009,honeywell hpa-300,小米空氣清淨機 4 pro,blueair 3410|抗敏,寵物,大坪數,車用,hepa|清淨機濾網,hepa 濾網
家電|吹風機,負離子吹風機|吹風雞,吹封機|dyson,國際牌,panasonic,萬寧,沙龍|panasonic na0j=eh-na0j,dyson supersonic=戴森吹風機,追覓吹風機|負離子,折疊,靜音,旅行,大風量|吹風機架,護髮油
家電|電動牙刷,音波牙刷|電動牙唰,电动牙刷|飛利浦,oral-b,小米,歐樂b|飛利浦 hx6859,oral-b io9,小米 t700|兒童,旅行,軟毛,充電,情侶|牙刷刷頭,沖牙機
家電|電視,液晶電視,4k 電視|電是,电视|sony,lg,三星,禾聯,奇美,tcl|sony x90l,lg c3 oled,三星 qn90,小米電視 55|55吋,65吋,43吋,google tv,壁掛,oled|電視架,電視盒,hdmi 線
家電|電暖器,陶瓷電暖器,葉片式電暖器|電暖氣,电暖器|delonghi,北方,嘉儀,尚朋堂|delonghi 電暖器,北方 cna12,米家電暖器|浴室,節能,小型,速熱,定時|電熱毯,暖暖包
家電|電熱毯,暖墊|電熱談,电热毯|國際牌,北方,sunlus,太陽|雙人電熱毯,sunlus 熱敷墊|單人,雙人,可水洗,定時|暖暖包,熱水袋
家電|果汁機,調理機,榨汁機|果汁雞,榨汁机|vitamix,大同,飛利浦,hurom|vitamix e320,hurom h-200,隨行杯果汁機|無線,隨行杯,冰沙,破壁,小台|冰塊盒,攪拌棒
家電|電磁爐,ih 爐,卡式爐|電磁盧,电磁炉|大同,國際牌,尚朋堂,岩谷|岩谷卡式爐,尚朋堂 sr-1665,ih 爐 雙口|迷你,火鍋,雙口,嵌入式|瓦斯罐,平底鍋
家電|洗碗機,桌上型洗碗機|洗碗雞,洗碗机|bosch,國際牌,小米,櫻花|bosch sms,國際牌 np-th4,米家洗碗機|8人份,獨立式,嵌入式,桌上型,烘乾|洗碗錠,光潔劑
美妝|口紅,唇膏,唇釉|口虹,口红|mac,ysl,dior,rom&nd,3ce|rom&nd 唇釉,mac chili,dior 999,ysl 小金條,3ce 霧面唇釉|霧面,滋潤,乾燥玫瑰,奶茶色,持久,開架|護唇膏,唇線筆,卸妝
美妝|粉底液,粉底,氣墊粉餅|粉低液,氣墊粉并|雅詩蘭黛,nars,lancome,媚比琳,肌膚之鑰|雅詩蘭黛 dw=dw 粉底,媚比琳 fit me,nars 粉底液|乾肌,油肌,遮瑕,白皮,持妝,小樣|美妝蛋,粉撲,定妝噴霧
美妝|防曬乳,防曬,防曬噴霧|防曬如,防晒乳,防晒|安耐曬,biore,理膚寶水,蘭蔻,曼秀雷敦|安耐曬 金鑽=anessa 防曬,biore 水感防曬=蜜妮防曬,理膚寶水 全護|spf50,臉部,身體,潤色,不黏,兒童|曬後修護,防曬外套
美妝|洗面乳,潔顏慕斯,潔面乳|洗面如,洗面奶|cetaphil,cerave,珂潤,專科,露得清|cerave 洗面乳,珂潤潔顏慕絲=curel 潔顏,專科洗面乳|敏感肌,痘痘,胺基酸,男士,控油|卸妝油,化妝水
美妝|卸妝油,卸妝水,卸妝膏|卸妝由,卸妆油|植村秀,fancl,貝德瑪,bioderma,clinique|fancl 卸妝油,貝德瑪卸妝水=bioderma,倩碧紫晶|敏感肌,眼唇,大容量,補充包,溫和|化妝棉,洗面乳
美妝|面膜,保濕面膜,泥膜|麵膜,面摸|我的美麗日記,dr.jart,提提研,森田藥粧,mediheal|mediheal 面膜,提提研面膜,凍膜|保濕,美白,盒裝,敏感肌,去黑頭,玻尿酸|化妝水,精華液
美妝|精華液,精華,安瓶|精華夜,精华液|sk-ii,蘭蔻,雅詩蘭黛,資生堂,the ordinary|sk-ii 青春露=sk2 青春露,蘭蔻小黑瓶,雅詩蘭黛小棕瓶,the ordinary 菸鹼醯胺|美白,抗老,保濕,a醇,維他命c|化妝水,乳液
美妝|乳液,面霜,乳霜|如液,乳夜|cetaphil,cerave,avene,珂潤,妮維雅|cerave 乳液,cetaphil 長效潤膚乳,珂潤面霜=curel 面霜|身體,敏感肌,保濕,大容量,無香|護手霜,精華液
美妝|睫毛膏,眼線筆,眼線液|睫毛高,睫毛亳|kissme,heroine make,媚比琳,canmake|kissme 睫毛膏,媚比琳睫毛膏,uzu 眼線液|防水,纖長,棕色,不暈染,溫水可卸|睫毛夾,假睫毛
美妝|眼影盤,眼影,腮紅|眼影盆,眼影盘|3ce,too faced,canmake,dasique,colourpop|3ce 眼影盤,canmake 腮紅,dasique 眼影|大地色,珠光,新手,九色,啞光|化妝刷,眼影刷
美妝|香水,淡香水,小香水|想水,香誰|jo malone,chanel,dior,ysl,diptyque,bvlgari|jo malone 英國梨=英國梨香水,chanel no.5,dior sauvage,ysl libre,le labo 33|女生,男生,小樣,木質調,禮盒,30ml|香氛蠟燭,擴香
美妝|洗髮精,洗髮乳,頭皮洗髮精|洗法精,洗发水,洗髮經|落健,pantene,海倫仙度絲,aveda,施巴|落健洗髮精,aveda 洗髮精,566 洗髮乳|控油,去屑,防落髮,補充包,無矽靈,染後|潤髮乳,護髮乳
美妝|護髮油,護髮乳,髮膜|護發油,护发油|摩洛哥優油,wella,資生堂,fino|fino 髮膜,moroccanoil 優油,wella 護髮|受損,免沖洗,染燙,柔順,香味|洗髮精,捲髮棒
美妝|指甲油,凝膠指甲,光療|指甲由,只甲油|opi,canmake,kiko|opi 指甲油,凝膠貼片,光療燈|裸色,貓眼,可撕,孕婦,冬天|去光水,指甲剪
美妝|隱形眼鏡,日拋,彩色隱形眼鏡|隱型眼鏡,影形眼鏡|嬌生,博士倫,帕緹朵拉,海昌|嬌生日拋,帕緹朵拉 彩色日拋,acuvue oasys|月拋,散光,30片,灰色,小直徑|隱形眼鏡藥水,人工淚液
美妝|染髮劑,泡沫染髮|染法劑,染发剂|莉婕,卡樂芙,施華蔻,花王|莉婕泡沫染髮,施華蔻怡然,卡樂芙染髮霜|白髮,不漂髮,奶茶棕,黑色,藍黑|補色洗髮精,髮膜
母嬰|尿布,紙尿褲,黏貼型尿布|尿佈,尿片,紙尿庫|幫寶適,妙而舒,滿意寶寶,好奇,大王|幫寶適 一級幫=一級幫,妙而舒 金緻,大王 光羽,滿意寶寶 極上|m號,l號,xl,新生兒,褲型,箱購|濕紙巾,尿布墊,尿布桶
母嬰|濕紙巾,純水濕紙巾|溼紙巾,湿巾|康乃馨,立得清,貝比兔,奈森克林|貝恩濕紙巾,立得清濕巾,康乃馨 純水|80抽,箱購,嬰兒,有蓋,酒精|尿布,面紙
母嬰|奶粉,嬰兒奶粉,成長奶粉|奶份,奶紛|亞培,s-26,雀巢,卡洛塔妮,明治|亞培心美力 3,s26 金幼兒樂,能恩 水解,明治 金選|一段,二段,三段,水解,羊奶,箱購|奶瓶,奶粉分裝盒
母嬰|奶瓶,玻璃奶瓶,ppsu 奶瓶|奶平,耐瓶|貝親,小獅王,dr.brown's,赫根,comotomo|貝親 寬口奶瓶,小獅王辛巴奶瓶,comotomo 奶瓶|寬口,防脹氣,240ml,新生兒,套裝|奶嘴,奶瓶消毒鍋,奶瓶刷
母嬰|嬰兒推車,推車,輕便推車|嬰兒推居,婴儿推车|nuna,bugaboo,combi,康貝,joie|bugaboo butterfly,yoyo 推車=babyzen yoyo,joie 推車,combi f2|可登機,雙人,平躺,雙向,輕量|推車掛勾,推車雨罩,推車涼墊
母嬰|安全座椅,汽座,兒童安全座椅|安全坐椅,安全座倚|maxi-cosi,joie,graco,奇哥,cybex|joie 汽座,cybex sirona,graco 4ever|isofix,新生兒,增高墊,旋轉,0-12歲|防磨墊,汽座保護墊
母嬰|嬰兒床,床邊床,遊戲床|嬰兒牀,婴儿床|ikea,chicco,nuna,mamas&papas|chicco next2me,nuna sena,多功能嬰兒床|折疊,實木,床墊,蚊帳,移動|嬰兒床墊,床圍,包巾
母嬰|副食品,寶寶粥,米餅|副食平,付食品|農純鄉,嘉寶,nestle,寶膳|寶膳副食品,嘉寶米餅,農純鄉 滴雞精|6個月,4個月,冰磚,無添加,常溫|副食品分裝盒,圍兜,學習餐具
母嬰|吸乳器,電動吸乳器,擠乳器|吸如器,吸奶器|medela,美樂,spectra,貝瑞克|medela 吸乳器,spectra s1=貝瑞克 s1,貝瑞克 9+|雙邊,免手持,手動,配件,喇叭罩|母乳袋,溢乳墊
母嬰|孕婦枕,哺乳枕,月亮枕|孕婦沈,孕妇枕|hugsie,mammyvillage,六甲村|hugsie 月亮枕,六甲村 枕頭|側睡,涼感,枕套,u型|妊娠霜,孕婦裝
母嬰|積木,玩具,嬰兒玩具|即木,玩俱|費雪,vtech,b.toys,hape|費雪 聲光玩具,hape 木琴,磁力片=磁力積木,固齒器|1歲,2歲,木製,音樂,早教,益智|玩具收納,遊戲墊
母嬰|童裝,嬰兒衣服,包屁衣|童莊,童装|gap,uniqlo,麗嬰房,奇哥|包屁衣 長袖,uniqlo 童裝,carter's|女童,男童,秋冬,長袖,純棉,新生兒|童襪,圍兜
寵物|貓砂,豆腐砂,礦砂|貓沙,猫砂,貓殺|艾可,藍鑽,ever clean,紐頓,寶貝狗|藍鑽 鑽石貓砂=everclean 藍標,艾可豆腐砂,倍力 松木砂|凝結,除臭,無塵,10kg,混合,松木|貓砂盆,貓砂鏟,貓砂墊
寵物|貓砂盆,自動貓砂盆|貓沙盆,猫砂盆|pura max,小佩,catlink,iris|petkit pura max=小佩貓砂機,catlink 貓砂機,iris 貓砂盆|大號,全罩,雙層,防外濺,頂入式|貓砂,貓砂鏟
寵物|貓飼料,貓糧,無穀貓糧|貓飼科,猫粮|皇家,法米納,渴望,希爾思,紐崔斯|皇家 室內貓,渴望 六種魚,法米納 天然,希爾思 泌尿|幼貓,成貓,泌尿,化毛,5kg,試吃|貓罐頭,貓碗
寵物|貓罐頭,主食罐,貓泥|貓灌頭,貓罐頭主食|汪喵星球,惜時,希爾思,ciao,k9|汪喵 主食罐,惜時 貓罐,ciao 肉泥=ciao 貓泥,k9 主食罐|幼貓,無膠,雞肉,鮪魚,24入|貓飼料,餐包
寵物|貓抓板,貓跳台|貓爪板,猫抓板|iris,貓本屋,mobicat|劍麻貓跳台,瓦楞貓抓板,貓抓柱|大型,瓦楞紙,劍麻,木質,沙發|貓玩具,貓草
寵物|貓玩具,逗貓棒|猫玩具,豆貓棒|小佩,gigwi,petstages|雷射逗貓,貓草玩具,gigwi 逗貓棒|自動,電動,羽毛,磨牙,耐咬|貓抓板,貓草
寵物|狗飼料,犬糧|狗飼科,狗粮|皇家,耐吉斯,希爾思,渴望,法米納|皇家 小型犬,耐吉斯 羊肉,柏萊富 狗|幼犬,小型犬,老犬,低敏,無穀,15kg|狗罐頭,潔牙骨
寵物|狗零食,潔牙骨|狗凌食,狗零嘴|greenies,德芳,starmark,帕特|greenies 潔牙骨,雞肉條,起司骨|雞胸肉,低敏,訓練,手作,大型犬|狗飼料,狗玩具
寵物|寵物尿布墊,狗尿布|寵物尿佈墊,寵物尿墊|iris,樂寶,犬妙淨|iris 尿布墊,犬妙淨 尿墊|加厚,100片,l號,箱購,活性碳|寵物廁所,寵物濕紙巾
寵物|寵物推車,寵物外出包|寵物推居,宠物推车|ibiyaya,aimeili,pawise|ibiyaya 推車,貓咪太空包=太空包,胸前包|大型犬,分離式,雙層,輕便,上飛機|牽繩,胸背帶
寵物|狗牽繩,胸背帶|狗千繩,狗牵绳|julius-k9,truelove,ezydog|truelove 胸背,伸縮牽繩|中型犬,小型犬,防暴衝,反光,大型犬|狗項圈,撿便袋
寵物|魚缸,水族箱|魚鋼,鱼缸|gex,eheim,aqua|gex 魚缸,eheim 過濾器,開放缸|60公分,小型,桌上,造景,兩尺|過濾器,魚飼料,水草
寵物|倉鼠飼料,兔子飼料,牧草|倉屬飼料,仓鼠饲料|oxbow,摩米,小寵|摩米提摩西,oxbow 成兔,倉鼠籠|提摩西,一割,墊料,木屑|倉鼠籠,兔籠
運動|慢跑鞋,跑步鞋,跑鞋|漫跑鞋,慢跑些,慢炮鞋|nike,adidas,asics,new balance,hoka,mizuno,brooks|nike pegasus 41=飛馬 41,asics kayano 31,hoka clifton 9,new balance 1080,adidas adizero|男,女,寬楦,緩震,馬拉松,碳板|運動襪,鞋墊,跑步腰包
運動|籃球鞋,球鞋|藍球鞋,篮球鞋|nike,adidas,under armour,puma,美津濃|nike gt cut 3,adidas exhibit,puma all-pro,asics glide nova|高筒,低筒,男,女,二手,後衛|籃球襪,籃球
運動|籃球,室外籃球|藍球,篮球|斯伯丁,spalding,molten,nike|molten gg7x,斯伯丁 tf,nike 籃球|7號,5號,合成皮,室內,兒童|籃球鞋,打氣筒
運動|羽球拍,羽毛球拍|羽毛求拍,羽求拍|yonex,victor,勝利,李寧|yonex 天斧 99,victor 龍牙之刃,yonex 疾光|入門,雙打,4u,攻擊型,穿線|羽球,羽球鞋,握把布
運動|瑜珈墊,瑜伽墊|瑜珈店,瑜珈垫|manduka,lululemon,dragonfly,李寧|manduka pro,lululemon 瑜珈墊,nbr 瑜珈墊|tpe,加厚,天然橡膠,10mm,攜帶|瑜珈磚,滾筒,瑜珈褲
運動|啞鈴,可調式啞鈴|亞鈴,哑铃|bowflex,主人翁,迪卡儂|可調式啞鈴 20kg,六角啞鈴,bowflex 552|10kg,5kg,女生,一對,包膠|重訓椅,壺鈴
運動|蛋白粉,乳清蛋白,高蛋白|蛋白份,蛋白紛|on,myprotein,tryall,戰神|myprotein 乳清,on 金牌乳清=on gold standard,tryall 乳清|巧克力,分離式,植物,5磅,隨手包|搖搖杯,肌酸
運動|泳衣,比基尼,泳褲|永衣,泳依|speedo,arena,沙兒斯,mizuno|連身泳衣,speedo 泳褲,長袖泳衣|女,大尺碼,兩件式,遮肚,兒童|泳鏡,泳帽
運動|泳鏡,近視泳鏡|永鏡,泳镜|speedo,arena,swans,mizuno|swans 泳鏡,speedo 近視,arena cobra|近視,兒童,防霧,電鍍,競速|泳帽,泳衣
運動|腳踏車,自行車,公路車|腳踏居,脚踏车|捷安特,美利達,giant,merida,birdy|捷安特 contend,美利達 scultura,小布=brompton,摺疊腳踏車|碳纖維,折疊,兒童,16吋,變速|安全帽,車燈,打氣筒
運動|單車安全帽,自行車安全帽|單居安全帽,單車安全冒|giro,kask,met,捷安特|kask protone,giro syntax,兒童安全帽|mips,空力,輕量,女,磁扣|車燈,單車手套
運動|運動內衣,bra,運動背心|運動內依,运动内衣|nike,lululemon,under armour,easyoga|lululemon energy bra,nike swoosh bra,無鋼圈|高強度,無鋼圈,大罩杯,前扣,防震|瑜珈褲,運動褲
運動|運動毛巾,運動水壺|運動毛斤,運動水湖|nike,camelbak,nalgene,hydro flask|nalgene 1l,camelbak 水壺,hydro flask 32oz|1l,tritan,吸管,涼感,兒童|運動背包,運動腰包
運動|跑步機,健身車,飛輪|跑布機,跑步机|輝葉,喬山,光速,小米|輝葉跑步機,walkingpad=金史密斯,磁控健身車|折疊,靜音,坡度,家用,走步機|避震墊,心率帶
運動|高爾夫,高爾夫球桿|高而夫,高尔夫|taylormade,callaway,titleist,ping|taylormade qi10,titleist pro v1,callaway 鐵桿|一號木,推桿,新手,女用,全套|高爾夫手套,高爾夫球
戶外|帳篷,露營帳篷,快搭帳|帳棚,账篷,帳蓬|coleman,snow peak,迪卡儂,naturehike,logos|snow peak 帳篷,coleman 氣候達人,naturehike 自動帳,迪卡儂 2 seconds|2人,4人,秒開,隧道,防水,黑膠|地墊,睡袋,營釘,天幕
戶外|睡袋,羽絨睡袋|睡帶,睡代|mont-bell,naturehike,coleman,wildfun|mont-bell 睡袋,naturehike 睡袋,羽絨睡袋 800fp|0度,輕量,兒童,信封型,雙人|睡墊,枕頭,帳篷
戶外|露營椅,月亮椅,克米特椅|露營以,露营椅|helinox,coleman,snow peak,naturehike|helinox chair one,克米特椅 複刻,snow peak 低座椅|高背,輕量,折疊,承重,兒童|露營桌,收納袋
戶外|露營燈,營燈|露營等,露营灯|ledlenser,goal zero,barebones,coleman|goal zero 營燈=果核燈,barebones 復古營燈,n9 lumena|充電,復古,可調色溫,驅蚊,掛繩|燈柱,頭燈
戶外|登山鞋,防水登山鞋|登山些,登山協|salomon,merrell,lowa,columbia,keen|salomon x ultra 4,merrell moab 3,lowa renegade|女,男,gore-tex,中筒,寬楦,輕量|登山襪,登山杖
戶外|登山背包,後背包,攻頂包|登山背抱,登山被包|osprey,deuter,gregory,karrimor,mystery ranch|osprey talon 22,gregory baltoro,deuter 30l|30l,50l,女款,輕量,防水|背包套,水袋
戶外|登山杖,健走杖|登山張,登山仗|leki,black diamond,naturehike|leki 登山杖,bd 登山杖,naturehike 登山杖|碳纖維,折疊,鋁合金,快扣,一對|登山鞋,護膝
戶外|雨衣,登山雨衣,機車雨衣|雨依,羽衣|飛銳,東伸,outperform,迪卡儂|飛銳雨衣,兩件式雨衣,gore-tex 外套=gtx 外套|兩件式,兒童,一件式,透氣,反光|雨鞋,雨鞋套,雨傘
戶外|保溫瓶,保溫杯,水壺|保溫平,保温瓶,保穩瓶|虎牌,象印,thermos,膳魔師,stanley|stanley 保溫杯,膳魔師 燜燒罐,象印 sm-sf48,hydro flask|500ml,1l,陶瓷,吸管,不鏽鋼,彈蓋|杯套,環保杯
戶外|行李箱,登機箱,旅行箱|行李相,行李廂,行理箱|samsonite,rimowa,日默瓦,nasaden,deseno|rimowa 行李箱,samsonite 登機箱,胖胖箱|20吋,28吋,前開,鋁框,胖胖箱,擴充|行李箱套,行李秤,行李吊牌
戶外|釣竿,路亞竿,磯釣竿|釣桿,钓竿|shimano,daiwa,okuma|shimano 釣竿,daiwa 捲線器,軟絲竿|路亞,入門,溪釣,船釣,2.7m|捲線器,魚餌,釣魚線
戶外|望遠鏡,雙筒望遠鏡|望遠竟,望远镜|nikon,vixen,steiner,celestron|nikon p7,8x42 望遠鏡,演唱會望遠鏡|演唱會,賞鳥,10x42,輕便,防水|腳架,望遠鏡揹帶
戶外|保冰桶,冰桶,行動冰箱|保冰筒,冰筒|yeti,coleman,艾比酷,logos|yeti 冰桶,coleman 保冰桶,艾比酷 行動冰箱|20l,硬殼,軟式,車用,釣魚|保冷劑,保冷袋
食品|泡麵,速食麵|泡面,炮麵|維力,統一,農心,一蘭,滿漢大餐|滿漢大餐,維力炸醬麵,辛拉麵=農心辛拉麵,一蘭拉麵,火雞麵|韓國,乾拌,辣,素食,整箱,碗裝|醬料,冷凍水餃
食品|咖啡豆,濾掛咖啡,即溶咖啡|咖啡都,咖非豆|illy,西雅圖,湛盧,伯朗,ucc|西雅圖 濾掛,ucc 117,illy 咖啡豆,耶加雪菲|衣索比亞,中焙,深焙,低因,1kg,半磅|咖啡機,濾紙,手沖壺
食品|蛋白棒,能量棒|蛋白幫,蛋白捧|quest,tryall,myprotein,kind|quest bar,kind 堅果棒,tryall 蛋白棒|巧克力,低糖,無麩質,盒裝|蛋白粉,堅果
食品|堅果,綜合堅果,無調味堅果|監果,坚果|可夫萊,萬歲牌,盛香珍,好市多|萬歲牌 綜合堅果,可夫萊 堅果,costco 堅果|無調味,小包裝,夏威夷豆,腰果,大包裝|果乾,燕麥
食品|滴雞精,雞精|滴雞經,滴鸡精|白蘭氏,田原香,農純鄉,老協珍|田原香 滴雞精,白蘭氏 雞精,老協珍 熬雞精|常溫,冷凍,孕婦,禮盒,30入|燕窩,魚油
食品|月餅,中秋禮盒|月并,月饼|奇華,美心,裕珍馨,舊振南|蛋黃酥,綠豆椪,流心月餅,鳳梨酥|禮盒,蛋奶素,低糖,盒裝,冰皮|鳳梨酥,茶葉禮盒
食品|鳳梨酥,伴手禮|鳳黎酥,凤梨酥|微熱山丘,佳德,小潘,日出|微熱山丘 鳳梨酥,佳德鳳梨酥,小潘鳳凰酥|禮盒,土鳳梨,10入,團購|太陽餅,茶葉禮盒
食品|茶葉,烏龍茶,高山茶|茶頁,茶叶|天仁,遊山茗訪,台灣茶人|天仁 茗茶,阿里山高山茶,東方美人茶,凍頂烏龍|茶包,禮盒,比賽茶,冷泡,四兩|茶具,茶杯
食品|橄欖油,苦茶油,酪梨油|橄欖由,橄榄油|奧利塔,bertolli,costco,金椿|奧利塔 橄欖油,kirkland 橄欖油,金椿苦茶油|初榨,1l,噴霧,涼拌|醬油,醋
食品|白米,池上米,糙米|白迷|池上,關山,三好,中興米|越光米,三好米,有機白米|5kg,有機,真空,壽司|飯鍋,五穀米
食品|巧克力,黑巧克力,生巧克力|巧可力,巧克利|lindt,明治,godiva,ferrero,royce|royce 生巧克力,金莎=ferrero rocher,meiji 巧克力,lindt 85|85%,禮盒,無糖,苦甜,牛奶|餅乾,糖果
食品|零食,餅乾,洋芋片|凌食,菱食|乖乖,樂事,卡迪那,calbee,義美|calbee 薯條=薯條三兄弟,樂事 洋芋片,乖乖 椰子,義美小泡芙|團購,進口,韓國,大包裝,分享包|糖果,堅果
食品|魚油,葉黃素,益生菌|魚由,葉黄素|善存,大研生醫,白蘭氏,now,悠活原力|大研 魚油,白蘭氏 葉黃素,lp33 益生菌=lp33,now 魚油|高濃度,兒童,孕婦,膠囊,60顆|維他命,膠原蛋白
食品|維他命,b群,維他命c|維他明,維他名|善存,dhc,now,萬寧,合利他命|善存 綜合,合利他命 ex plus=合利他命,dhc 維他命c|女性,男性,發泡錠,60錠,兒童|魚油,鈣片
食品|冷凍水餃,水餃|冷凍水較,水饺|八方雲集,海霸王,龍鳳,高麗園|龍鳳水餃,韭菜水餃,高麗菜水餃,蝦水餃|高麗菜,韭菜,素食,手工,大包裝|湯圓,泡麵
食品|氣泡水,礦泉水|氣炮水,气泡水|perrier,可口可樂,泰山,evian|perrier 氣泡水=沛綠雅,泰山純水,evian 礦泉水|24入,無糖,檸檬,玻璃瓶,箱購|氣泡水機,鋼瓶
文具|鋼筆,原子筆,中性筆|鋼比,钢笔|百樂,pilot,lamy,三菱,斑馬,櫻花|lamy safari,pilot 鋼珠筆,uni jetstream=溜溜筆,百樂 juice,zebra sarasa|0.38,0.5,黑色,筆芯,學生,禮盒|墨水,筆袋,修正帶
文具|自動鉛筆,鉛筆|自動千筆,自动铅笔|三菱,飛龍,pentel,施德樓|kurutoga=不斷心自動鉛筆,pentel graph gear,施德樓 925|0.5,0.3,2b,不易斷,製圖|橡皮擦,筆芯
文具|筆記本,手帳,行事曆|筆記夲,比記本,筆計本|無印良品,midori,moleskine,hobonichi,leuchtturm|hobonichi 手帳=ほぼ日手帳,midori md,moleskine 經典|a5,b5,方格,空白,2025,皮革|紙膠帶,貼紙,索引貼
文具|紙膠帶,貼紙|紙交帶,纸胶带|mt,菊水,夏米,yohaku|mt 紙膠帶,夏米紙膠帶,菊水紙膠帶|和紙,手帳,復古,花卉,分裝|手帳,切割墊
文具|便利貼,n次貼|便利帖,便力貼|3m,sanrio,stalogy|3m 便利貼,透明便利貼,stalogy 便利貼|透明,索引,大張,可愛|螢光筆,文件夾
文具|螢光筆,麥克筆|螢光比,荧光笔|mildliner,百樂,三菱,copic|mildliner=zebra mildliner,frixion 螢光筆,copic 麥克筆|粉彩,雙頭,可擦,12色|便利貼,筆袋
文具|剪刀,美工刀|剪到,簡刀|olfa,3m,手牌,ohte|olfa 美工刀,plus 剪刀,安全剪刀|兒童,左手,小把,不沾膠|切割墊,膠水
文具|膠帶,封箱膠帶,雙面膠|膠待,胶带|3m,四維,大創|3m 無痕膠帶,四維封箱膠,奈米膠帶|透明,加寬,箱,靜音|美工刀,紙箱
文具|白板,磁性白板|白版,白扳|群策,3m,成功|群策白板,移動白板,軟白板|60x90,玻璃,直立,兒童|白板筆,磁鐵
文具|檔案夾,文件夾,資料夾|擋案夾,档案夹|kokuyo,plus,自強牌,三燕|kokuyo 資料夾,l夾,風琴夾|a4,30入,拉鏈,透明|打孔機,標籤機
文具|計算機,工程計算機|計算雞,计算器|casio,canon,aurora|casio fx-991,casio jw-200,商用計算機|太陽能,會計,國考,12位|電池,記事本
文具|標籤機,標籤印表機|標籤雞,标签机|brother,epson,精臣|精臣 d11,brother pt-p300,epson lw-c410|藍牙,家用,標籤帶,食品|標籤紙,標籤帶
文具|書包,學生書包,護脊書包|書抱,书包|impact,天使牌,超級小六|impact 書包,護脊書包 小學,天使牌 書包|國小,國中,輕量,防水,減壓|便當袋,鉛筆盒
文具|色鉛筆,水彩,粉彩|色千筆,彩色铅笔|輝柏,雄獅,好賓,prismacolor|輝柏 48色,prismacolor 色鉛筆,好賓水彩|48色,36色,水溶性,油性,兒童|畫本,調色盤
居家|床墊,獨立筒床墊,乳膠床墊|牀墊,床店|席夢思,ikea,黑柴,德泰|ikea 床墊,獨立筒 雙人,記憶床墊|雙人,單人,加大,涼感,偏硬|床包,保潔墊,枕頭
居家|枕頭,乳膠枕,記憶枕|沈頭,枕头|tempur,丹普,金點,iken|tempur 枕頭,水洗枕,麥麵枕|側睡,兒童,涼感,偏高,一對|枕頭套,床包
居家|床包,床單,被套|床抱,牀包|無印良品,hola,伊澤,ikea|天絲床包,hola 床包,精梳棉 床包組|雙人,加大,單人,天絲,純棉,三件組|棉被,枕頭套
居家|棉被,羽絨被,涼被|棉備,綿被|ikea,無印良品,hola|水洗被,羽絨被 雙人,羊毛被|雙人,涼感,冬被,單人,四季|被套,床包
居家|沙發,貓抓皮沙發,懶人沙發|沙法,砂發|ikea,宜得利,hola,無印良品|無印良品 懶骨頭=懶骨頭,ikea 沙發床,貓抓皮 三人|三人,單人,l型,布沙發,床|沙發套,抱枕,地毯
居家|收納箱,收納櫃,收納盒|收那箱,收纳箱|無印良品,天馬,ikea,keyway|天馬收納箱,fits 收納,無印良品 pp 收納|抽屜,大容量,滾輪,透明,小物|衣物收納袋,層架
居家|衣架,曬衣架|一架,依架|ikea,宜得利,無印良品|ikea 衣架,防滑衣架,曬衣架 伸縮|防滑,兒童,不鏽鋼,大量,木質|衣夾,洗衣袋
居家|窗簾,遮光窗簾|窗廉,窗帘|ikea,宜得利,hola|ikea 窗簾,捲簾,百葉窗|遮光,蕾絲,免打孔,捲簾|窗簾桿,掛勾
居家|地毯,地墊|地談,地坦|ikea,宜得利,hola|短毛地毯,浴室地墊=珪藻土地墊,廚房地墊|客廳,吸水,防滑,短毛,兒童|地毯清潔,門墊
居家|檯燈,護眼檯燈,立燈|抬燈,台燈|明基,benq,philips,小米|benq wit=明基檯燈,小米檯燈 1s,飛利浦 軒誠|護眼,閱讀,夾式,led,兒童|燈泡,延長線
居家|延長線,插座,usb 插座|延長現,延长线|威電,3m,湯石,iphilo|威電 延長線,usb 延長線,湯石插座|4切4座,usb,過載,6孔,1.8m|插座蓋,束線帶
居家|燈泡,led 燈泡|等泡,灯泡|飛利浦,旭光,歐司朗,小米|飛利浦 led,e27 燈泡,旭光 燈管|e27,10w,黃光,白光,智慧|檯燈,燈座
居家|衛生紙,廚房紙巾,面紙|衛生只,卫生纸|舒潔,春風,五月花,拭拭樂|舒潔 衛生紙,五月花 抽取式,廚房紙巾 大包|箱購,抽取式,濕式,100抽,捲筒|濕紙巾,垃圾袋
居家|洗衣精,洗衣球|洗依精,洗衣經|白蘭,一匙靈,ariel,毛寶|ariel 洗衣球,一匙靈 抗菌,白蘭洗衣精|抗菌,補充包,箱購,防蟎,香氛|柔軟精,洗衣袋
居家|平底鍋,不沾鍋,炒鍋|平底郭,平底锅|特福,tefal,柳宗理,鍋寶,lodge|tefal 不沾鍋,柳宗理 鐵鍋,鑄鐵鍋=staub,ikea 平底鍋|28cm,不沾,陶瓷,鑄鐵,附蓋|鍋鏟,鍋蓋
居家|保鮮盒,便當盒|保先盒,保鲜盒|康寧,樂扣,iwaki,lock&lock|iwaki 保鮮盒,康寧 分隔,樂扣 便當盒|玻璃,分隔,微波,不鏽鋼,大容量|保冷袋,密封袋
居家|菜刀,刀具組|菜到,採刀|雙人牌,旬,金門,global|雙人牌 刀具,金門菜刀,三德刀|不鏽鋼,陶瓷,兒童,中式|磨刀器,砧板
居家|馬桶蓋,免治馬桶座|馬筒蓋,马桶盖|toto,inax,國際牌,hcg|toto 免治,hcg 馬桶,國際牌 免治馬桶座|緩降,d型,瞬熱式,除臭|馬桶刷,通樂
居家|蓮蓬頭,花灑|連蓬頭,莲蓬头|grohe,hansgrohe,三榮,toto|增壓蓮蓬頭,過濾蓮蓬頭,hansgrohe 花灑|增壓,省水,過濾,三段|軟管,浴室置物架
居家|拖鞋,室內拖鞋|拖些,脫鞋|無印良品,ikea,birkenstock,母子鱷魚|birkenstock arizona=勃肯拖鞋,防滑拖鞋,洞洞鞋=crocs|防滑,男,女,浴室,厚底|地墊,襪子
居家|香氛蠟燭,擴香,擴香瓶|香芬蠟燭,香氛腊烛|無印良品,yankee candle,diptyque,宇宙香氛|diptyque baies,yankee candle,無印良品 擴香|木質調,薰衣草,禮盒,小蒼蘭|融蠟燈,精油
居家|精油,薰香精油|精由,精油擴香|doterra,無印良品,肯園,草本24|doterra 薰衣草,無印良品 精油,肯園 精油|薰衣草,茶樹,10ml,複方,睡眠|水氧機,擴香
服飾|羽絨外套,羽絨衣,輕羽絨|羽融外套,羽戎外套,羽絨外逃|uniqlo,the north face,mont-bell,columbia|uniqlo 輕羽絨=極輕羽絨,north face 1996,mont-bell 1000fp|男,女,輕量,長版,防水|發熱衣,圍巾
服飾|發熱衣,heattech|發熱一,发热衣|uniqlo,大創,immewear|uniqlo heattech,極暖發熱衣,immewear|女,男,兒童,高領,大尺碼|發熱褲,羽絨外套
服飾|牛仔褲,寬褲,直筒褲|牛仔庫,牛仔裤|levi's,uniqlo,gu,edwin|levi's 501,uniqlo 寬褲,gu 直筒褲|女,男,高腰,寬,直筒|皮帶,帆布鞋
服飾|帆布鞋,小白鞋,老爹鞋|帆佈鞋,帆布些|converse,vans,new balance,puma|converse 1970,vans old skool,new balance 530,puma suede|女,男,增高,寬楦,復古|鞋帶,襪子
服飾|洋裝,連身裙,長洋裝|洋莊,洋装|gu,zara,lativ,queen shop|lativ 洋裝,針織洋裝,雪紡洋裝|長袖,大尺碼,婚禮,顯瘦,碎花|皮帶,包包
服飾|包包,側背包,托特包|包抱,側背抱|coach,kate spade,無印良品,porter|coach 托特包,porter 側背,帆布托特|女,皮革,小包,通勤,真皮|皮夾,包包掛飾
服飾|皮夾,短夾,長夾|皮甲,皮夹|coach,porter,bellroy,gucci|coach 短夾,porter 皮夾,bellroy 卡夾|男,女,真皮,零錢包,三折|包包,鑰匙圈
服飾|手錶,機械錶,石英錶|手鏢,手表|seiko,casio,citizen,g-shock,天梭|g-shock 農家橡樹=ga-2100,seiko 5,citizen 光動能,casio 復古|男,女,潛水,機械,皮帶|錶帶,手錶盒
服飾|眼鏡,鏡框,太陽眼鏡|眼竟,眼镜|雷朋,ray-ban,金可,jins|ray-ban 太陽眼鏡,jins 鏡框,濾藍光眼鏡|鈦,圓框,偏光,大臉,濾藍光|眼鏡盒,眼鏡布
服飾|帽子,棒球帽,漁夫帽|冒子,貌子|new era,mlb,uniqlo|new era 棒球帽,mlb 老帽,漁夫帽 防曬|防曬,毛帽,男,女,大頭圍|圍巾,墨鏡
服飾|圍巾,毛帽,手套|維巾,围巾|uniqlo,acne,burberry|羊毛圍巾,觸控手套,毛線帽|羊毛,觸控,防風,格紋|暖暖包,發熱衣
服飾|襪子,船型襪,壓力襪|瓦子,袜子|uniqlo,旅狐,翁記,3m|五趾襪,壓力襪 久站,隱形襪|除臭,純棉,中筒,男,女|拖鞋,小白鞋
服飾|內褲,四角褲,無痕內褲|內庫,内裤|uniqlo,ck,曼黛瑪璉,思薇爾|ck 四角褲,無痕內褲,uniqlo airism|男,女,純棉,透氣,三入|內衣,襪子
服飾|睡衣,居家服|睡一,水衣|gu,uniqlo,吉普|gu 睡衣,uniqlo 居家服,珊瑚絨|女,純棉,長袖,情侶,冬天|拖鞋,眼罩
車用|機油,輪胎,雨刷|基油,機由|mobil,castrol,米其林,maxxis,馬牌|mobil1 0w40,castrol edge,米其林 ps4,bosch 雨刷|0w20,5w30,16吋,17吋,軟骨|機油芯,洗車
車用|機車安全帽,安全帽,全罩安全帽|機居安全帽,安全冒|shoei,arai,zeus,sol,瑞獅|shoei z-8,arai rx-7x,zeus 611e,sol so-7|全罩,半罩,3/4罩,女,兒童|風鏡,機車手套
車用|手機架,機車手機架,車用手機架|手機駕,手机架|五匹,mwupp,犀牛盾,quad lock|五匹 手機架,quad lock 機車,特斯拉 手機架|磁吸,無線充電,減震,出風口|車充,行車記錄器
車用|車充,車用充電器|車沖,车充|anker,倍思,綠聯|anker 車充,倍思車充,65w 車充|type c,快充,雙孔,點菸器|手機架,充電線
車用|洗車,打蠟,車用清潔|洗居,洗车|3m,sonax,龜牌,smartcars|sonax 洗車精,龜牌 打蠟,3m 雨敵|泡沫,鍍膜,撥水,高壓|洗車海綿,吸水布
車用|車用香氛,車用芳香|車用想氛,车用香薰|無印良品,diptyque,小林|車用香氛 diptyque,小林製藥 車用|除臭,木質調,出風口|擴香,香氛補充
車用|腳踏墊,汽車腳踏墊|腳踏店,脚踏垫|3m,卡固,3d 神爪|特斯拉 model y 腳踏墊,rav4 腳踏墊,3d 腳踏墊|防水,全包圍,tpe,後車廂|車用收納,椅套
保健|口罩,醫用口罩,n95 口罩|口照,口罩醫療|中衛,萊潔,3m,康乃馨|中衛 口罩,3m 9501,n95 口罩,立體口罩|兒童,立體,成人,50入,黑色|酒精,額溫槍
保健|額溫槍,耳溫槍,體溫計|額溫搶,额温枪|百靈,泰爾茂,歐姆龍|百靈 irt6520,歐姆龍 額溫槍,泰爾茂 體溫計|嬰兒,紅外線,醫用|耳溫套,血壓計
保健|血壓計,手臂式血壓計|血押計,血压计|歐姆龍,omron,百靈,泰爾茂|歐姆龍 hem-7156,omron 7320,泰爾茂 血壓計|藍牙,手腕式,語音,家用|血糖機,血氧機
保健|按摩槍,筋膜槍,按摩器|按摩搶,按摩枪|輝葉,theragun,hypervolt,tokuyo|theragun mini,輝葉 筋膜槍,火星筋膜槍|迷你,肩頸,靜音,充電|滾筒,按摩墊
保健|按摩椅,按摩墊|按摩以,按摩倚|輝葉,tokuyo,osim,高島|輝葉 按摩椅,tokuyo 臀感,osim 暖摩枕|沙發,肩頸,家用,小型|按摩槍,泡腳機
保健|護腰,護膝,護腕|護邀,护膝|muller,mizuno,3m,日本代購|muller 護膝,護腰帶,髕骨帶|運動,搬重物,老人,透氣,久坐|肌貼,護踝
保健|輪椅,助行器,拐杖|輪以,轮椅|康揚,杏豐,光星|康揚 輪椅,電動輪椅,四腳拐|輕量,折疊,電動,老人|尿布 成人,護墊
保健|成人紙尿褲,看護墊|成人尿布,成人紙尿庫|包大人,添寧,來復易,安親|包大人 紙尿褲,來復易 復健褲,添寧|m號,l號,箱購,褲型,透氣|濕紙巾,看護墊
保健|衛生棉,棉條,月亮杯|衛生綿,卫生棉|蘇菲,靠得住,凱娜,愛康|蘇菲 超熟睡,凱娜 月亮杯,愛康 涼感|夜用,涼感,護墊,日用,無香|暖暖包,生理褲
保健|保險套,避孕套|保險討,保险套|杜蕾斯,岡本,相模|岡本 001,相模 0.01,杜蕾斯 超薄裝|超薄,大尺寸,12入,持久|潤滑液,指險套
書籍|小說,輕小說,推理小說|小説|皇冠,尖端,獨步|輕小說 預購,推理小說 日本,奇幻小說|全套,二手,預購,簡體|書衣,書籤
書籍|漫畫,漫畫全套|漫話,漫画|東立,尖端,長鴻|鬼滅之刃 漫畫,咒術迴戰 漫畫,海賊王 漫畫=one piece 漫畫,間諜家家酒 漫畫|全套,二手,首刷,日文|書套,公仔
書籍|童書,繪本,立體書|童輸,僮書|信誼,小天下,三之三|繪本 0-3歲,立體書,點讀筆|英文,0-3歲,點讀,中英,有聲|點讀筆,兒童桌椅
書籍|多益,英檢,日檢|多易,多意|眾文,國際學村,jlpt|多益 單字,多益 模擬試題,jlpt n3=日檢 n3,英檢 中級|模擬試題,單字,聽力,初學|字典,單字本
書籍|食譜,烘焙食譜|食普,食補|日日幸福,朱雀|氣炸鍋食譜,減脂食譜,電鍋食譜|便當,減脂,兒童,素食|量匙,電子秤
書籍|投資理財,股票,理財書|投資理才,投资|今周刊,商周|股票 入門,etf 存股,財報狗|入門,存股,技術分析,二手|計算機,筆記本
樂器|吉他,電吉他,民謠吉他|極他,吉它|yamaha,fender,taylor,martin|yamaha f310,fender player,旅行吉他,烏克麗麗=ukulele|新手,電吉他,36吋,初學|吉他弦,調音器,吉他架
樂器|電子琴,電鋼琴,數位鋼琴|電子勤,电钢琴|yamaha,casio,roland,kawai|yamaha p-145,roland fp-30x,casio cdp-s110|88鍵,61鍵,折疊,兒童,初學|琴椅,琴架
樂器|麥克風,電容式麥克風,k歌麥克風|麥可風,麦克风|blue,shure,audio-technica,途訊|blue yeti,shure sm58,at2020,途訊 k068|無線,直播,usb,k歌,領夾|麥克風架,音效卡
日系|イヤホン,ワイヤレスイヤホン,ヘッドホン|いやほん,イヤフォン,ｲﾔﾎﾝ|sony,anker,final,ag|ソニー イヤホン,anker イヤホン,ag tws,final ze3000|ノイズキャンセリング,有線,防水,骨伝導,子供|イヤホンケース,充電ケーブル
日系|ぬいぐるみ,キャラクター ぬいぐるみ|ヌイグルミ,縫いぐるみ|ジェラトーニ,サンリオ,すみっコぐらし|サンリオ ぬいぐるみ,すみっコぐらし ぬいぐるみ,ピカチュウ ぬいぐるみ,ちいかわ ぬいぐるみ|大きい,くま,うさぎ,ペンギン,マスコット|ぬいぐるみ 服,キーホルダー
日系|コスメ,デパコス,プチプラコスメ|こすめ,ｺｽﾒ|キャンメイク,セザンヌ,資生堂,kate|キャンメイク チーク,セザンヌ アイシャドウ,kate リップモンスター=リップモンスター|ギフト,限定,新作,ブルベ,イエベ|化粧ポーチ,メイクブラシ
日系|スマホケース,iphone ケース|スマホ ケース,すまほケース|ケースティファイ,spigen,iface|iface iphone 15,iphone ケース 透明,スマホリング|手帳型,かわいい,透明,耐衝撃|スマホショルダー,保護フィルム
日系|お菓子,和菓子,駄菓子|おかし,オカシ|カルビー,ロイズ,白い恋人,明治|じゃがポックル,白い恋人,ロイズ 生チョコ,東京ばな奈|詰め合わせ,個包装,大容量,ギフト|緑茶,抹茶
日系|抹茶,緑茶,抹茶パウダー|まっちゃ,マッチャ|伊藤園,一保堂,丸久小山園|一保堂 抹茶,抹茶ラテ,伊藤園 緑茶|粉末,オーガニック,茶筅,ギフト|茶筅,和菓子
日系|弁当箱,お弁当箱,曲げわっぱ|べんとうばこ,弁当ばこ|サーモス,スケーター,竹中|曲げわっぱ 弁当箱,サーモス 弁当箱,スケーター 弁当箱|男子,女子,2段,食洗機対応|お箸セット,ランチバッグ
日系|ゲームソフト,スイッチ ソフト|げーむそふと,ゲーム ソフト|任天堂,カプコン,スクエニ|スプラトゥーン3,どうぶつの森=あつまれどうぶつの森,ポケモン スカーレット,モンハン|中古,ダウンロード版,子供,2人|ジョイコン,プロコン
日系|水筒,タンブラー,マグボトル|すいとう,スイトウ|サーモス,象印,タイガー,スタンレー|サーモス 水筒 500ml,象印 水筒,スタンレー タンブラー|1リットル,子供,ワンタッチ,直飲み|水筒カバー,パッキン
日系|入浴剤,バスボム|にゅうよくざい,入浴剤ギフト|バブ,クナイプ,バスクリン|バブ 入浴剤,クナイプ バスソルト,きき湯|炭酸,ギフト,子供,温泉,保湿|バスタオル,ボディソープ
日系|文房具,手帳,ノート|ぶんぼうぐ,文房俱|コクヨ,ミドリ,無印良品|ジェットストリーム,ほぼ日手帳,mildliner ペン,クルトガ|かわいい,方眼,a5,限定|シール,ペンケース
日系|アニメグッズ,フィギュア,アクリルスタンド|フィギア,あにめぐっず|バンダイ,グッドスマイル,コトブキヤ|ねんどろいど,一番くじ 鬼滅,呪術廻戦 グッズ,推しの子 アクスタ|限定,予約,中古,セット|痛バッグ,缶バッジ
)";

// What Japan sells beside the topics of 日系.
constexpr absl::string_view kJapanTopics = R"(
日系|switch,ニンテンドースイッチ,スイッチ 本体|すいっち,スウィッチ|任天堂,ホリ,サイバーガジェット|switch 有機el,switch lite=スイッチライト,switch 2=スイッチ2,プロコン=switch プロコントローラー|中古,ケース,福袋,グレー|スイッチ ソフト,switch 保護フィルム
日系|ps5,プレステ5,playstation 5|ぷれすて5,ps 5|ソニー,ホリ,エレコム|ps5 slim,ps5 pro,dualsense=ps5 コントローラー,ps vr2|中古,抽選,縦置き,ディスク|ps5 ソフト,ps5 ヘッドセット
日系|xbox,xbox 本体|えっくすぼっくす,x box|マイクロソフト,8bitdo|xbox series x,xbox series s,xbox コントローラー=xbox パッド,game pass|中古,限定,ワイヤレス|xbox ヘッドセット,hdmi ケーブル
日系|lego,レゴ,レゴブロック|れご,レゴー|レゴジャパン,レゴランド|レゴ シティ,レゴ スターウォーズ=lego starwars,レゴ マリオ,レゴ テクニック|大人,女の子,クリスマス|レゴ 収納,展示ケース
日系|dyson,ダイソン,ダイソン 掃除機|だいそん,ダイスン|ダイソン公式,マキタ|dyson v12,dyson v8,dyson ドライヤー=ダイソン ドライヤー|コードレス,ヘッド,バッテリー|紙パック,掃除機 スタンド
日系|airpods pro,airpods,エアポッズ|えあぽっず,エアーポッズ|apple,アップル|airpods pro 2,airpods 4,airpods max|第2世代,片耳,ケース|イヤーピース,airpods カバー
日系|炊飯器,ジャー炊飯器,ih 炊飯器|すいはんき,炊はん器|象印,タイガー,アイリスオーヤマ|象印 炎舞炊き=炎舞炊き,タイガー 炊きたて,バルミューダ ザ ゴハン|3合,5合,一人暮らし|米びつ,しゃもじ
日系|加湿器,加湿空気清浄機,卓上加湿器|かしつき,加湿機|ダイニチ,シャープ,アイリスオーヤマ|ダイニチ hd-rx,シャープ プラズマクラスター,象印 スチーム加湿器=ポット型加湿器|超音波,スチーム,おしゃれ|アロマオイル,加湿器 フィルター
)";

// category|kind|words
constexpr absl::string_view kAttributes = R"(
*|opinion|推薦,評價,ptt,比較,dcard,開箱,排行,心得,缺點,好用嗎,2025,2024
*|deal|特價,便宜,優惠,免運,團購,折扣,雙11,平價,買一送一,週年慶
*|shop|momo,pchome,蝦皮,costco,好市多,全聯,家樂福,官網,哪裡買,門市
3C|colour|黑色,白色,藍色,粉色,銀色,紫色
3C|spec|台灣公司貨,二手,福利品,原廠,保固,副廠,2入,規格,維修,替換
遊戲|colour|白色,黑色,紅色,限定版
遊戲|spec|二手,中文版,台灣公司貨,預購,現貨,同捆,配件,收納,攻略,特典
家電|colour|白色,黑色,奶油白,墨綠
家電|spec|小坪數,靜音,省電,二手,福利品,濾網,配件,清洗,維修,租屋,分期
美妝|colour|01,02,玫瑰,裸色,自然色
美妝|spec|小樣,補充包,大容量,旅行組,禮盒,試用,成分,日本製
母嬰|colour|藍色,粉色,灰色
母嬰|spec|新生兒,1歲,2歲,雙胞胎,二手,箱購,彌月禮,試用,日本製,有機
寵物|spec|箱購,大包裝,大容量,日本製,台灣製,補充包,新手
運動|colour|黑色,白色,螢光,藍色
運動|spec|男,女,兒童,新手,專業,大尺碼,二手,輕量,防水,入門
戶外|colour|黑色,軍綠,沙色,橘色
戶外|spec|輕量,兒童,二手,女款,新手,防水,日本製
食品|spec|箱購,禮盒,無糖,低卡,熱量,保存期限,小包裝,大包裝,宅配,長輩,好吃
文具|colour|黑色,藍色,粉色,莫蘭迪
文具|spec|學生,辦公室,國小,大容量,補充,盒裝,考試,可愛,無印風,日本
居家|colour|白色,灰色,米色,原木色
居家|spec|租屋,小資,日本製,台灣製,北歐風,大容量,組合
服飾|colour|黑色,白色,米色,灰色,卡其
服飾|spec|女,男,大尺碼,韓版,兒童,日系,穿搭,秋冬,加大
車用|colour|黑色,銀色
車用|spec|機車,汽車,gogoro,特斯拉,rav4,安裝,通用,altis,二手,cr-v
保健|spec|長輩,家用,大容量,便攜,日本製,台灣製,衛福部
書籍|spec|二手,全套,電子書,兒童,新書,入門,有聲書,博客來,誠品,國小,國中,預購
樂器|colour|黑色,原木色,白色
樂器|spec|新手,兒童,初學者,二手,入門,教學,專業,租,保養,套裝
日系|opinion|おすすめ,人気,ランキング,比較,口コミ,レビュー,2025
日系|deal|セール,安い,送料無料,クーポン,福袋,アウトレット
日系|shop|楽天,アマゾン,公式,ロフト,無印
日系|colour|白,黒,ピンク,ブルー
日系|spec|ギフト,プレゼント,限定,新作,中古,女性,男性,子供,大容量,日本製,セット
)";

constexpr absl::string_view kHubQueries =
    "免運,特價,推薦,團購,雙11,禮物,現貨,優惠券,momo,蝦皮,交換禮物,生日禮物,折價券,週年慶,pchome,送禮,福利品,聖誕禮物,"
    "清倉,出清,福袋,買一送一,限時特賣,セール,送料無料,プレゼント";
constexpr absl::string_view kJapanHubQueries = "送料無料,セール,プレゼント,クーポン,福袋,おすすめ,楽天,ポイント,ギフト";
constexpr absl::string_view kBlockbusters = "iphone 16,xbox,switch,衛生紙,樂高,airpods pro";
constexpr absl::string_view kJapanBlockbusters = "switch,xbox,airpods pro,抹茶";

constexpr absl::string_view kImports = "日系";

std::vector<std::string> Words(absl::string_view list) { return absl::StrSplit(list, ',', absl::SkipEmpty()); }

}  // namespace

absl::string_view SampleMarketName(SampleMarket market) { return market == SampleMarket::kTaiwan ? "tw" : "jp"; }

std::vector<SampleTopic> SampleTopics(SampleMarket market) {
  const bool japan = market == SampleMarket::kJapan;
  std::vector<absl::string_view> lines = absl::StrSplit(kTopics, '\n', absl::SkipEmpty());
  if (japan) {
    std::erase_if(lines, [](absl::string_view line) { return !absl::StartsWith(line, kImports); });
    for (const absl::string_view line : absl::StrSplit(kJapanTopics, '\n', absl::SkipEmpty())) lines.push_back(line);
  }
  std::vector<SampleTopic> topics;
  for (const absl::string_view line : lines) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, '|');
    SampleTopic& topic = topics.emplace_back();
    topic.category = std::string(fields[0]);
    topic.heads = Words(fields[1]);
    topic.respellings = Words(fields[2]);
    topic.brands = Words(fields[3]);
    for (const std::string& names : Words(fields[4])) topic.models.push_back(absl::StrSplit(names, '='));
    topic.modifiers = Words(fields[5]);
    topic.complements = Words(fields[6]);
  }
  return topics;
}

std::vector<SampleAttributes> SampleAttributesOfCategories() {
  std::vector<SampleAttributes> attributes;
  for (const absl::string_view line : absl::StrSplit(kAttributes, '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> fields = absl::StrSplit(line, '|');
    attributes.push_back({std::string(fields[0]), std::string(fields[1]), Words(fields[2])});
  }
  return attributes;
}

std::vector<std::string> SampleHubQueries(SampleMarket market) {
  return Words(market == SampleMarket::kJapan ? kJapanHubQueries : kHubQueries);
}

std::vector<std::string> SampleBlockbusters(SampleMarket market) {
  return Words(market == SampleMarket::kJapan ? kJapanBlockbusters : kBlockbusters);
}

}  // namespace kindred
